import { expect } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { handTimer } from '../cache/hand-timer.ts'
import { documentsContract } from './documents.ts'

documentsContract('sqlite through a cache', async () => {
  const timer = handTimer()
  const clock = { nowMs: timer.elapsedMs }
  const cache = openMemoryCache({ clock })
  let ids = 0
  const newId = () => `id${ids++}`
  const store = openSqliteDocuments('sqlite::memory:')
  const open = () => cachedDocuments({ documents: { ...store, close: async () => undefined }, cache, clock, timer, newId })
  const documents = open()
  await turnOn(documents, timer.pass)
  return {
    documents,
    reopen: async () => open(),
    remove: () => store.close(),
  }
})

/** Looks until the notice says so. */
async function turnOn(documents: Documents, pass: (ms: number) => void): Promise<void> {
  for (let looks = 0; looks < 6; looks += 1) {
    await documents.get('users/nobody')
    pass(1300)
  }
  expect(await documents.get('system/cache')).toMatchObject({ body: { state: 'on' } })
}
