/**
 * Writes step after step to both stores and says `ack N` on standard output once step N is durable:
 * `node test/faults/writer.ts FOLDER FIRST LAST [FAILPOINT NTH]` kills itself when it reaches the failpoint the Nth time.
 * A step that fails says `failed N CODE` and is sent again.
 */
import { writeSync } from 'node:fs'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { blobsIn, urlIn, writeStep } from './steps.ts'

const [folder = '', first = '1', last = '1', failpoint, nth = '1'] = process.argv.slice(2)
const attemptsMax = 4
let hits = 0

function hit(name: string): void {
  if (name !== failpoint) return
  hits += 1
  if (hits === Number(nth)) process.kill(process.pid, 'SIGKILL')
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

const blobs = await persist('open', () => openFileBlobs(blobsIn(folder), { failpoint: hit }))
const documents = await persist('open', () => openSqliteDocuments(urlIn(folder), { failpoint: hit }))
say('open')
for (let n = Number(first); n <= Number(last); n += 1) {
  await persist(String(n), () => writeStep({ documents, blobs }, n))
  say(`ack ${n}`)
}
await persist('close', () => documents.close())
say('closed')
