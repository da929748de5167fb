import { join } from 'node:path'
import type { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import type { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import type { Write } from '../../src/ports/documents.ts'

export interface Stores {
  readonly documents: ReturnType<typeof openSqliteDocuments>
  readonly blobs: ReturnType<typeof openFileBlobs>
}

export const urlIn = (folder: string) => `sqlite:${join(folder, 'store.db')}`
export const blobsIn = (folder: string) => join(folder, 'blobs')

const erasedAfter = 5

/** What step `n` takes away: everything of an earlier step. */
export function erasedBy(n: number): number | undefined {
  return n % 4 === 0 && n > erasedAfter ? n - erasedAfter : undefined
}

/** The content of each object is told by its name, so that a checker needs no list. */
export function objectsOf(n: number): { readonly key: string; readonly bytes: Uint8Array }[] {
  return [0, 1, 2].map((part) => ({ key: `samples/u${n % 3}/${n % 2 === 0 ? 'even' : `odd/${n}`}/s${n}-${part}.bin`, bytes: bytesOf(n, part) }))
}

export function streamOf(n: number): { readonly key: string; readonly bytes: Uint8Array } | undefined {
  return n % 3 === 0 ? { key: `exports/s${n}.bin`, bytes: bytesOf(n, 70) } : undefined
}

export function documentsOf(n: number): Write[] {
  const user = `u${n % 3}`
  const body = { userId: user, localDate: '2024-01-20', sessionInfo: { startTime: `2024-${n}` }, n, text: `${n} `.repeat((n * 7919) % 900) }
  return [
    { op: 'put', path: `users/${user}/healthSessions/s${n}`, body },
    { op: 'put', path: `users/${user}/days/d${n}`, body: { userId: user, date: `d${n}`, n } },
    { op: 'put', path: `jobs/j${n}`, body: { status: 'pending', priority: n % 3, createdAt: `${n}`, n } },
  ]
}

function bytesOf(n: number, part: number): Uint8Array {
  const bytes = new Uint8Array(1 + ((n * 104_729 + part * 15_485_863) % 20_000) * (part === 70 ? 70 : 1))
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (n * 31 + part * 17 + at * (at >> 9)) & 0xff
  return bytes
}

/**
 * Compares both stores with what was acknowledged: every step up to `acknowledged` is there, byte for byte, but for what
 * it erased; the step after it, which may have been under way, is there with documents only if its objects are too;
 * nothing else is there. Returns what is wrong, one line each.
 */
export async function findLosses({ documents, blobs }: Stores, acknowledged: number, attempted: number): Promise<string[]> {
  const wrong: string[] = []
  const seenKeys = new Set<string>()
  for await (const { key } of blobs.list('')) seenKeys.add(key)
  const seenPaths = new Set<string>()
  for (const collection of ['healthSessions', 'days', 'jobs']) {
    for (const { path } of (await documents.list({ collection, limit: 10_000 })).data) seenPaths.add(path)
  }

  for (let n = 1; n <= attempted; n += 1) {
    const isErased = isGone(n, acknowledged)
    const mayBeGone = n > acknowledged || isGone(n, attempted)
    const objects = [...objectsOf(n), ...[streamOf(n) ?? []].flat()]
    const puts = documentsOf(n).filter((write) => write.op === 'put')
    const present = puts.filter(({ path }) => seenPaths.has(path))
    if (present.length > 0 && present.length < puts.length) wrong.push(`half of the batch ${n}`)
    if (isErased && (present.length > 0 || objects.some(({ key }) => seenKeys.has(key)))) wrong.push(`erased step ${n} is there`)
    if (!mayBeGone && present.length === 0) wrong.push(`documents of ${n} are lost`)
    for (const { path, body } of present) {
      const stored = await documents.get(path)
      if (JSON.stringify(stored?.body) !== JSON.stringify(body)) wrong.push(`${path} differs`)
    }
    for (const { key, bytes } of objects) {
      const isPresent = seenKeys.delete(key)
      if (!isPresent && (!mayBeGone || present.length > 0)) wrong.push(`object ${key} is lost`)
      if (isPresent && !Buffer.from(await blobs.get(key)).equals(bytes)) wrong.push(`object ${key} differs`)
    }
    for (const { path } of puts) seenPaths.delete(path)
  }
  return [...wrong, ...[...seenKeys, ...seenPaths].map((name) => `${name} was never sent`)]
}

function isGone(n: number, upTo: number): boolean {
  return n + erasedAfter <= upTo && erasedBy(n + erasedAfter) === n
}
