import type { Archive } from '../model/archive.ts'
import type { CollectionName } from '../model/collections.ts'
import type { ImportRecord } from '../model/import.ts'
import type { ModelVersion } from '../model/model-card.ts'
import type { SessionRevision } from '../model/revision.ts'
import { isTombstone, type KeptSession, type StoredSamples, type StoredSession } from '../model/session.ts'
import { partKey, partOffsets, type UploadRecord } from '../model/upload.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { every } from './every.ts'

/**
 * An object, or a range of its bytes, as a document names it. An object never changes under its key. A document that is looked at as it lies,
 * sealed, says nothing of what its object holds: only the key.
 */
export interface NamedObject {
  readonly key: string
  /** [from, to): then length and checksum are of these bytes. */
  readonly range?: { readonly from: number; readonly to: number }
  readonly length?: number
  /** Hex. */
  readonly sha256?: string
}

type Naming = { readonly [C in CollectionName]?: (body: never) => readonly NamedObject[] }

const naming = {
  healthSessions: (kept: KeptSession) => (isTombstone(kept) ? [] : samplesIn(kept)),
  sessionRevisions: ({ session }: SessionRevision) => samplesIn(session),
  archives: ({ documents, samples }: Archive) => [documents, ...samples].map(({ key, length, sha256 }) => ({ key, length, sha256 })),
  modelVersions: ({ weights }: ModelVersion) => [weights],
  imports: ({ original, sha256 = '' }: ImportRecord) =>
    original === undefined ? [] : [{ key: original, ...(isChecksum(sha256) && { sha256 }) }],
  uploads: (upload: UploadRecord) =>
    upload.importId === undefined ? [...partOffsets(upload)].map((offset) => ({ key: partKey(upload, offset) })) : [],
} as const satisfies Naming

/** In a document that is looked at as it lies, sealed, something else stands there. */
function isChecksum(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

function samplesIn({ samples }: StoredSession): NamedObject[] {
  return samples?.key === undefined ? [] : [samplesOf(samples)]
}

function samplesOf({ key, offset, length, sha256 }: StoredSamples): NamedObject {
  return { key, length, sha256, ...(offset !== undefined && { range: { from: offset, to: offset + length } }) }
}

export type NamingCollection = keyof typeof naming

/** The collections whose documents may name objects. Backup, copy, checks and clearing up ask here and nowhere else. */
export const namingCollections = Object.keys(naming) as readonly NamingCollection[]

/** What one document names; nothing in collections that name none. */
export function namesOf(collection: CollectionName, body: object): readonly NamedObject[] {
  return Object.hasOwn(naming, collection) ? naming[collection as NamingCollection](body as never) : []
}

/** What every document of a store names; an object once for each time that it is named. `onDocument` is told of each that was read. */
export async function* everyNamedObject(
  documents: Documents,
  onDocument?: (collection: NamingCollection) => void,
): AsyncGenerator<NamedObject> {
  for (const collection of namingCollections)
    yield* objectsNamedIn(collection, every(documents, { collection }), () => onDocument?.(collection))
}

export function namesObjects(collection: CollectionName): collection is NamingCollection {
  return Object.hasOwn(naming, collection)
}

/** What one document names. */
export function objectsOf(collection: NamingCollection, body: object): readonly NamedObject[] {
  return naming[collection](body as never)
}

export async function* objectsNamedIn(
  collection: NamingCollection,
  documents: AsyncIterable<Stored>,
  onDocument?: () => void,
): AsyncGenerator<NamedObject> {
  for await (const { body } of documents) {
    onDocument?.()
    yield* objectsOf(collection, body as object)
  }
}
