/**
 * Changes a store without end, as imports do: `node test/backup/writer.ts DATA`. In each step one object is written, then a session that
 * names it and a job that says the same number in one batch, then the object that the session named before is deleted. Says `wrote N`.
 */
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openStores } from './places.ts'

const [data = ''] = process.argv.slice(2)
await using stores = await openStores(data)
const names = new Map<string, string>()

for (let n = 1; ; n++) {
  const sessionId = `written_${n % 40}`
  const key = `samples/robin/2024-11/written-${n}.parquet`
  const bytes = new Uint8Array(1 + ((n * 7919) % 60_000)).fill(n)
  await stores.blobs.putAll([{ key, bytes }])
  const samples = { key, length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), rows: 1 }
  await stores.documents.batch([
    { op: 'put', path: `users/robin/healthSessions/${sessionId}`, body: { userId: 'robin', localDate: '2024-11-14', samples, n } },
    { op: 'put', path: 'jobs/written', body: { userId: 'robin', n } },
  ])
  const before = names.get(sessionId)
  if (before !== undefined) await stores.blobs.delete(before)
  names.set(sessionId, key)
  writeSync(1, `wrote ${n}\n`)
}
