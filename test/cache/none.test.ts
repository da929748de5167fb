import { expect, test } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { noCache } from '../../src/adapters/cache/none.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import { put } from '../contracts/expectations.ts'
import { handTimer } from './hand-timer.ts'

test('what a process without a cache writes is seen by one that reads through its own', async () => {
  const timer = handTimer()
  const clock = { nowMs: timer.elapsedMs }
  let ids = 0
  const newId = () => `id${ids++}`
  const documents = openSqliteDocuments('sqlite::memory:')
  const reader = cachedDocuments({ documents, cache: openMemoryCache({ clock }), clock, timer, newId })
  const writer = cachedDocuments({ documents, cache: noCache, clock, timer, newId })
  await reader.batch([put('users/ada', { n: 1 })])
  for (let looks = 0; looks < 6; looks += 1) {
    await reader.get('users/ada')
    timer.pass(1300)
  }
  expect(await documents.get('system/cache')).toMatchObject({ body: { state: 'on' } })
  expect(await reader.get('users/ada')).toMatchObject({ body: { n: 1 } })

  const written = writer.batch([put('users/ada', { n: 2 })])
  let isDone = false
  void written.then(() => {
    isDone = true
  })
  while (!isDone) {
    timer.pass(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await reader.get('users/ada')).toMatchObject({ body: { n: 2 } })
  expect(await documents.get('system/cache')).not.toMatchObject({ body: { state: 'on' } })
  await documents.close()
})
