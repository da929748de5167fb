/** Durable writes and reads of both stores on this machine: `node bench/storage.ts FOLDER`, FOLDER on the disk in question. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openFileBlobs } from '../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../src/adapters/documents/sqlite.ts'
import type { Write } from '../src/ports/documents.ts'

const folder = mkdtempSync(join(process.argv[2] ?? '.', 'clarity-bench-'))
await using documents = openSqliteDocuments(`sqlite:${join(folder, 'store.db')}`)
await using blobs = openFileBlobs(join(folder, 'blobs'))

const count = 4000
const keys = Array.from({ length: count }, (_, n) => `samples/u1/20${10 + Math.floor(n / 400)}/s${n}.parquet`)
const bytes = new Uint8Array(10_240).map((_, n) => n * 31)

for (const size of [1, 100, 500]) {
  const puts = Array.from({ length: size === 1 ? 500 : count }, (_, n) => sessionOf(`${size}-${n}`, n))
  await measure(`documents of 2 kB, batches of ${size}`, puts.length, () => inBatches(puts, size, (batch) => documents.batch(batch)))
}
await measure('documents, read one by one', count, async () => {
  for (let n = 0; n < count; n += 1) await documents.get(`users/u1/healthSessions/s100-${n}`)
})
await measure('documents, one index page of 100', 100, async () => {
  const query = { collection: 'healthSessions', parent: 'users/u1', index: 'userStart', equals: ['u1'], limit: 100 }
  for (let n = 0; n < 100; n += 1) await documents.list(query)
})
await measure('objects of 10 kB, batches of 150', count, () =>
  inBatches(keys, 150, (batch) => blobs.putAll(batch.map((key) => ({ key, bytes })))),
)
await measure('objects, read one by one', count, async () => {
  for (const key of keys) await blobs.get(key)
})
await documents.close()
rmSync(folder, { recursive: true })

function sessionOf(id: string, n: number): Write {
  const startTime = Temporal.Instant.fromEpochMilliseconds(1.6e12 + n * 3_600_000).toString()
  const points = Array.from({ length: 60 }, (_, at) => ({ at, value: `${(n * at) % 977} of something` }))
  return {
    op: 'put',
    path: `users/u1/healthSessions/s${id}`,
    body: { userId: 'u1', localDate: startTime.slice(0, 10), sessionInfo: { startTime }, points },
  }
}

async function inBatches<T>(items: readonly T[], size: number, write: (batch: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += size) await write(items.slice(at, at + size))
}

async function measure(name: string, units: number, work: () => Promise<void>): Promise<void> {
  const before = process.cpuUsage()
  const startMs = performance.now()
  await work()
  const wallMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(before)
  const each = (ms: number) => `${((1000 * ms) / units).toFixed(0)} us`
  process.stdout.write(`${name.padEnd(40)} ${each(wallMs).padStart(9)} wall ${each((user + system) / 1000).padStart(9)} CPU\n`)
}
