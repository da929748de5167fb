import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openSqliteDocuments } from './sqlite.ts'
import { startWriterThread } from './sqlite-thread.ts'
import { planWrites } from './writes.ts'

test('what many writes left in the log is moved into the main file while others go on, and is there after the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-thread-'))
  const file = join(folder, 'store.db')
  await openSqliteDocuments(`sqlite:${file}`).close()
  const empty = statSync(file).size
  const thread = startWriterThread(file)
  const plansOf = (batch: number) =>
    planWrites(Array.from({ length: 500 }, (_, n) => ({ op: 'put', path: `users/u${batch}_${n}`, body: { word: 'x'.repeat(1000) } })))
  try {
    for (const batch of [0, 1, 2]) expect(await thread.commit([{ plans: plansOf(batch) }])).toEqual([undefined])
    await vi.waitFor(() => expect(statSync(file).size).toBeGreaterThan(empty + 1_000_000), { timeout: 30_000 })
    expect(await thread.commit([{ plans: plansOf(3) }])).toEqual([undefined])
    expect(await thread.emptyLog()).toBe(true)
  } finally {
    await thread.end()
  }
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  for (const batch of [0, 1, 2, 3]) expect(await documents.get(`users/u${batch}_499`)).toBeDefined()
  rmSync(folder, { recursive: true })
})
