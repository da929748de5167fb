import { join } from 'node:path'
import type { Blobs } from '../../src/ports/blobs.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'

export interface Stores {
  readonly documents: Documents
  readonly blobs: Blobs
}

export const urlIn = (folder: string) => `sqlite:${join(folder, 'store.db')}`
export const blobsIn = (folder: string) => join(folder, 'blobs')

const erasedAfter = 5

/** Whether step `n` was erased by a step up to `upTo`. */
export function isGone(n: number, upTo: number): boolean {
  return n + erasedAfter <= upTo && erasedBy(n + erasedAfter) === n
}

/** What step `n` takes away: everything of an earlier step. */
export function erasedBy(n: number): number | undefined {
  return n % 4 === 0 && n > erasedAfter ? n - erasedAfter : undefined
}

interface Sent {
  readonly key: string
  readonly bytes: Uint8Array
}

/** The content of each object is told by its name, so that a checker needs no list. */
export function objectsOf(n: number): Sent[] {
  return [0, 1, 2].map((part) => sent(`samples/u${n % 3}/${n % 2 === 0 ? 'even' : `odd/${n}`}/s${n}-${part}.bin`, n, part))
}

export function streamsOf(n: number): Sent[] {
  return n % 3 === 0 ? [sent(`exports/s${n}.bin`, n, 70)] : []
}

/** The bytes are made when they are asked for: a checker often wants the key alone. */
function sent(key: string, n: number, part: number): Sent {
  return {
    key,
    get bytes() {
      return bytesOf(n, part)
    },
  }
}

export function documentsOf(n: number): (Write & { readonly op: 'put' })[] {
  const user = `u${n % 3}`
  const body = { userId: user, localDate: '2024-01-20', sessionInfo: { startTime: `2024-${n}` }, n, text: `${n} `.repeat((n * 7919) % 900) }
  return [
    { op: 'put', path: `users/${user}/healthSessions/s${n}`, body },
    { op: 'put', path: `users/${user}/days/d${n}`, body: { userId: user, date: `d${n}`, n } },
    { op: 'put', path: `jobs/j${n}`, body: { status: 'pending', priority: n % 3, createdAt: `${n}`, n } },
  ]
}

function bytesOf(n: number, part: number): Uint8Array {
  const bytes = new Uint8Array(1 + ((n * 104_729 + part * 15_485_863) % 20_000) * (part === 70 ? 25 : 1))
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (n * 31 + part * 17 + at * (at >> 9)) & 0xff
  return bytes
}

/** Objects before the documents that name them, documents before the objects they no longer name. */
export async function writeStep({ documents, blobs }: Stores, n: number): Promise<void> {
  await blobs.putAll(objectsOf(n))
  for (const { key, bytes } of streamsOf(n)) await blobs.putStream(key, inChunks(bytes))
  const erased = erasedBy(n)
  const deletes: Write[] = erased === undefined ? [] : documentsOf(erased).map(({ path }) => ({ op: 'delete', path }))
  await documents.batch([...documentsOf(n), ...deletes])
  if (erased === undefined) return
  for (const { key } of [...objectsOf(erased), ...streamsOf(erased)]) await blobs.delete(key)
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 300_000) yield bytes.subarray(at, at + 300_000)
}
