import { type ArchivedRow, decodeArchiveFile } from '../columns/archive-file.ts'
import type { Archive } from '../model/archive.ts'
import { type CollectionName, placeOf } from '../model/collections.ts'
import type { SamplesPointer, StoredSamples } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Stored } from '../ports/documents.ts'

/** A document in an archive, or on its way there. */
export interface AgedRow extends Stored<Aged> {
  readonly at: string
}

interface WithSamples {
  readonly samples?: SamplesPointer | undefined
}

/** What the lifecycle knows of a body: where the samples of a session, or of what it said before, lie, or the file that was imported. */
type Aged = WithSamples & { readonly session?: WithSamples; readonly original?: string; readonly status?: unknown }

/** Where a row's samples lie in an object; undefined where it has none or they stand in it. */
export function objectOf({ body }: AgedRow): StoredSamples | undefined {
  const samples = body.samples ?? body.session?.samples
  return samples?.key === undefined ? undefined : samples
}

export function withObject(row: AgedRow, samples: StoredSamples): AgedRow {
  const { body } = row
  return { ...row, body: body.session === undefined ? { ...body, samples } : { ...body, session: { ...body.session, samples } } }
}

export function packedRow({ path, version, at, body }: AgedRow): ArchivedRow {
  return { path, version, at, body: JSON.stringify(body) }
}

/** The rows of an archive, by path. Throws `Problem('not_found' | 'storage_corrupt')`. */
export async function archivedRows({ blobs }: { readonly blobs: Blobs }, { documents }: Archive): Promise<AgedRow[]> {
  const { key, length, sha256 } = documents
  const rows = await decodeArchiveFile(new Uint8Array(await blobs.get(key, { length, sha256 })))
  return rows.map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) as Aged }))
}

export function collectionOf({ path }: { readonly path: string }): CollectionName {
  return placeOf(path).collection
}

/** All that stand in one folder are of one collection and parent. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
