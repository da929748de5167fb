import { type CollectionName, collectionNames } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { noticePath } from './cache-notice.ts'
import { type Difference, differences } from './differences.ts'
import { every } from './every.ts'

export interface Stores {
  readonly documents: Documents
  readonly blobs: Blobs
}

/** Stands in a store from before its first document until after the last check: what is in it is not whole yet. */
const markerPath = 'system/filling'

/** Documents that speak of this store and of no other: they are neither copied nor counted. */
export function isMarker(path: string): boolean {
  return path === markerPath || path === noticePath
}

interface Marker {
  readonly filling: string
}

/** What a store is being filled from, where that was begun and not ended; such a store must not be worked with. */
export async function findUnfinished({ documents }: Pick<Stores, 'documents'>): Promise<string | undefined> {
  return (await documents.get<Marker>(markerPath))?.body.filling
}

/** Throws `Problem('unavailable')` for a store that is half filled. */
export async function refuseUnfinished(stores: Pick<Stores, 'documents'>): Promise<void> {
  const from = await findUnfinished(stores)
  if (from !== undefined) throw new Problem('unavailable', `This store is half filled from ${from}: run that command again first.`)
}

/**
 * Marks an empty store as being filled from `source`; one that was marked so before and was not ended goes on. Throws
 * `Problem('not_empty')`, naming what is there.
 */
export async function beginFilling(stores: Stores, source: string): Promise<void> {
  const begun = await findUnfinished(stores)
  if (begun === source) return
  if (begun !== undefined) throw new Problem('not_empty', `This store is half filled from ${begun}: end that first, or empty the place.`)
  const found = await whatIsThere(stores)
  if (found !== undefined) throw new Problem('not_empty', `The store to be filled holds ${found} already.`)
  const body: Marker = { filling: source }
  await stores.documents.batch([{ op: 'put', path: markerPath, body, ifAbsent: true }])
}

/** From here on the store is whole. */
export async function endFilling({ documents }: Pick<Stores, 'documents'>): Promise<void> {
  await documents.batch([{ op: 'delete', path: markerPath }])
}

async function whatIsThere({ documents, blobs }: Stores): Promise<string | undefined> {
  for (const collection of collectionNames) {
    for await (const { path } of documentsOf(documents, collection)) return path
  }
  for await (const { key } of blobs.list('')) return `the object ${key}`
  return undefined
}

/** The documents of a collection but for our own marker. */
export async function* documentsOf(documents: Documents, collection: CollectionName): AsyncGenerator<Stored<object>> {
  for await (const document of every<object>(documents, { collection })) if (!isMarker(document.path)) yield document
}

/** Puts and deletes until the collection says what `wanted` says, and nothing else; what is so already is not written. */
export async function fillCollection(
  documents: Documents,
  collection: CollectionName,
  wanted: AsyncIterable<Stored<object>>,
  onEach?: () => void,
): Promise<void> {
  let batch: Write[] = []
  let chars = 0
  for await (const difference of differences(wanted, documentsOf(documents, collection), onEach)) {
    const write = writeOf(difference)
    batch.push(write)
    chars += write.op === 'put' ? JSON.stringify(write.body).length : 0
    if (batch.length < BATCH && chars < BATCH_CHARS) continue
    await documents.batch(batch)
    batch = []
    chars = 0
  }
  if (batch.length > 0) await documents.batch(batch)
}

/** Far below what an engine takes in one request (Firestore: 10 MiB). */
const BATCH = 400
const BATCH_CHARS = 2_000_000

function writeOf(difference: Difference): Write {
  return difference.kind === 'extra' ? { op: 'delete', path: difference.path } : { op: 'put', path: difference.path, body: difference.body }
}
