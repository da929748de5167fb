import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openSqliteDocuments } from './sqlite.ts'
import { startWriterThread } from './sqlite-thread.ts'
import { planWrites } from './writes.ts'

test('a log that was moved while others wrote begins anew: it does not grow', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-thread-'))
  const file = join(folder, 'store.db')
  await openSqliteDocuments(`sqlite:${file}`).close()
  const thread = startWriterThread(file)
  const sizeOfLog = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  let written = 0
  async function growthBy(writes: number): Promise<number> {
    const before = sizeOfLog()
    written += 1
    const plans = planWrites(Array.from({ length: writes }, (_, n) => ({ op: 'put', path: `users/u${written}_${n}`, body: { n } })))
    expect(await thread.commit([{ plans }])).toEqual([undefined])
    return sizeOfLog() - before
  }
  try {
    await growthBy(500)
    // The thread that moves is there from now on, and quicker at it than a commit.
    await thread.moveMost()
    await growthBy(500)
    const moved = thread.moveMost()
    await growthBy(100)
    await moved
    expect(await growthBy(100)).toBe(0)
  } finally {
    await thread.end()
  }
  rmSync(folder, { recursive: true })
})

test('what many writes left in the log is moved into the main file while others go on, and is there after the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-thread-'))
  const file = join(folder, 'store.db')
  await openSqliteDocuments(`sqlite:${file}`).close()
  const empty = statSync(file).size
  const thread = startWriterThread(file)
  const plansOf = (batch: number) =>
    planWrites(Array.from({ length: 500 }, (_, n) => ({ op: 'put', path: `users/u${batch}_${n}`, body: { word: 'x'.repeat(1000) } })))
  try {
    for (let batch = 0; batch < 12; batch += 1) expect(await thread.commit([{ plans: plansOf(batch) }])).toEqual([undefined])
    await vi.waitFor(() => expect(statSync(file).size).toBeGreaterThan(empty + 1_000_000), { timeout: 30_000 })
    expect(await thread.commit([{ plans: plansOf(12) }])).toEqual([undefined])
    expect(await thread.emptyLog()).toBe(true)
  } finally {
    await thread.end()
  }
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  for (const batch of [0, 6, 11, 12]) expect(await documents.get(`users/u${batch}_499`)).toBeDefined()
  rmSync(folder, { recursive: true })
})
