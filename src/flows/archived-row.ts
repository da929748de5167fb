import { type ArchivedRow, decodeArchiveFile } from '../columns/archive-file.ts'
import type { Archive } from '../model/archive.ts'
import { type CollectionName, placeOf } from '../model/collections.ts'
import { replaced, type Span, spanOf } from '../model/json-text.ts'
import type { SamplesPointer, StoredSamples } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Stored } from '../ports/documents.ts'

/** A document on its way into an archive or out of it: text, of which no more is read than where its samples lie. */
export interface AgedRow extends ArchivedRow {
  /** Where it says so; absent where it has none or they stand in it. */
  readonly pointer?: Pointer
}

interface Pointer {
  readonly span: Span
  readonly samples: StoredSamples
}

/** In the bodies of a collection, where the samples of a session, or of what it said before, are spoken of. */
const pointerNames: { readonly [Name in CollectionName]?: readonly string[] } = {
  healthSessions: ['samples'],
  sessionRevisions: ['session', 'samples'],
}

export function agedRow(row: ArchivedRow, collection: CollectionName = collectionOf(row)): AgedRow {
  const names = pointerNames[collection]
  const span = names && spanOf(row.body, names)
  if (span === undefined) return row
  const samples: SamplesPointer = JSON.parse(row.body.slice(span.from, span.to))
  return samples.key === undefined ? row : { ...row, pointer: { span, samples } }
}

/** Where a row's samples lie in an object; undefined where it has none or they stand in it. */
export function objectOf({ pointer }: AgedRow): StoredSamples | undefined {
  return pointer?.samples
}

export function withObject(row: AgedRow, samples: StoredSamples): AgedRow {
  const { pointer, body } = row
  if (pointer === undefined) throw new Error('A row without an object was to have another')
  const text = replaced(body, pointer.span, samples)
  const span = { ...pointer.span, to: pointer.span.to + text.length - body.length }
  return { ...row, body: text, pointer: { span, samples } }
}

/** As the document that it is. */
export function openedRow<T>({ path, version, body }: ArchivedRow): Stored<T> {
  return { path, version, body: JSON.parse(body) }
}

/** The rows of an archive, by path. Throws `Problem('not_found' | 'storage_corrupt')`. */
export async function archivedRows({ blobs }: { readonly blobs: Blobs }, { documents }: Archive): Promise<ArchivedRow[]> {
  const { key, length, sha256 } = documents
  return decodeArchiveFile(new Uint8Array(await blobs.get(key, { length, sha256 })))
}

export function collectionOf({ path }: { readonly path: string }): CollectionName {
  return placeOf(path).collection
}

/** All that stand in one folder are of one collection and parent. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
