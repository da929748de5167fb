/**
 * Writes step after step to both stores and says `ack N` on standard output once step N is durable:
 * `node test/faults/writer.ts FOLDER FIRST LAST [FAILPOINT ACTION NTH]`, ACTION one of throw, kill.
 * A step that fails says `failed N CODE` and is sent again.
 */
import { writeSync } from 'node:fs'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { blobsIn, documentsOf, erasedBy, objectsOf, type Stores, streamOf, urlIn } from './ledger.ts'

const [folder = '', first = '1', last = '1', failpoint, action, nth = '1'] = process.argv.slice(2)
const actions: Readonly<Record<string, () => void>> = {
  throw() {
    throw new Error('planted')
  },
  kill() {
    process.kill(process.pid, 'SIGKILL')
  },
}
const attemptsMax = 4
let hits = 0

function hit(name: string): void {
  if (name !== failpoint) return
  hits += 1
  if (hits === Number(nth)) actions[action ?? '']?.()
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}

async function persist<T>(name: string, work: () => T | Promise<T>, attempt = 1): Promise<T> {
  try {
    return await work()
  } catch (error) {
    say(`failed ${name} ${error instanceof Error && 'code' in error ? error.code : error}`)
    if (attempt === attemptsMax) throw error
    return persist(name, work, attempt + 1)
  }
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000)
}

/** Objects before the documents that name them, documents before the objects they no longer name. */
async function step({ documents, blobs }: Stores, n: number): Promise<void> {
  await blobs.putAll(objectsOf(n))
  const stream = streamOf(n)
  if (stream !== undefined) await blobs.putStream(stream.key, inChunks(stream.bytes))
  const erased = erasedBy(n)
  const deletes = erased === undefined ? [] : documentsOf(erased).map(({ path }) => ({ op: 'delete', path }) as const)
  await documents.batch([...documentsOf(n), ...deletes])
  if (erased === undefined) return
  for (const { key } of [...objectsOf(erased), ...[streamOf(erased) ?? []].flat()]) await blobs.delete(key)
}

const blobs = await persist('open', () => openFileBlobs(blobsIn(folder), { failpoint: hit }))
const documents = await persist('open', () => openSqliteDocuments(urlIn(folder), { failpoint: hit }))
say('open')
for (let n = Number(first); n <= Number(last); n += 1) {
  await persist(String(n), () => step({ documents, blobs }, n))
  say(`ack ${n}`)
}
await persist('close', () => documents.close())
say(`closed after ${hits} hits`)
