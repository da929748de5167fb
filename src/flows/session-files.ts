import { encodeSamples } from '../columns/parquet-writer.ts'
import { Problem } from '../model/problem.ts'
import type { SamplesPointer } from '../model/session.ts'
import type { Blobs, StoredBlob } from '../ports/blobs.ts'
import type { Documents, Write } from '../ports/documents.ts'
import type { NewSession } from './handed-sessions.ts'

export interface FileDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  /** Letters and digits that no other object's name has. */
  readonly newId: () => string
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
}

/** In base64 no more than 64 kB. */
const MOST_INLINE = 49_152

export interface Filed {
  readonly pointer: SamplesPointer | undefined
  /** To be there before a document names it. */
  readonly object?: { readonly key: string; readonly bytes: Uint8Array }
}

/** The samples of a session as its file; none without samples. */
export function fileOf(deps: Pick<FileDeps, 'newId' | 'sha256'>, { body, table }: Pick<NewSession, 'body' | 'table'>): Filed {
  if (table.rows === 0) return { pointer: undefined }
  const { bytes, rows } = encodeSamples(table, { date: body.localDate, source: body.source.id })
  return filedBytes(deps, bytes, { ...body, rows })
}

/** A session's file: in the document where it is small, else an object of its own. */
export function filedBytes(
  { newId, sha256 }: Pick<FileDeps, 'newId' | 'sha256'>,
  bytes: Uint8Array,
  { userId, localDate, rows }: { readonly userId: string; readonly localDate: string; readonly rows: number },
): Filed {
  const about = { length: bytes.length, sha256: sha256(bytes), rows }
  if (bytes.length <= MOST_INLINE) return { pointer: { inline: bytes.toBase64(), ...about } }
  const key = `samples/${userId}/${localDate.slice(0, 7)}/${newId()}.parquet`
  return { pointer: { key, ...about }, object: { key, bytes: bytes.slice() } }
}

/** First the objects, then the documents that name them and those at `keys`, which are there already. */
export async function writeFiled(
  deps: Pick<FileDeps, 'documents' | 'blobs'>,
  filed: readonly Filed[],
  writes: readonly Write[],
  keys: readonly string[] = [],
): Promise<void> {
  const objects = filed.flatMap(({ object }) => object ?? [])
  if (objects.length > 0) await deps.blobs.putAll(objects, { unhashed: true })
  await writeNaming(deps, [...objects.map(({ key }) => key), ...keys], writes)
}

/** Documents that name new objects. Where they were refused for certain the objects go; where they may be there these stay, and `doctor` finds out. */
export async function writeNaming(
  { documents, blobs }: Pick<FileDeps, 'documents' | 'blobs'>,
  keys: readonly string[],
  writes: readonly Write[],
): Promise<void> {
  try {
    await documents.batch(writes)
  } catch (error) {
    if (error instanceof Problem && error.code !== 'unavailable') for (const key of keys) await blobs.delete(key)
    throw error
  }
}

/** New objects, then what names them, which is told what was kept. Where that was refused for certain the objects go; where it may be there these stay. */
export async function writeObjects(
  { blobs }: Pick<FileDeps, 'blobs'>,
  objects: Parameters<Blobs['putAll']>[0],
  naming: (stored: ReadonlyMap<string, StoredBlob>) => Promise<void>,
): Promise<void> {
  const stored = objects.length === 0 ? [] : await blobs.putAll(objects)
  try {
    await naming(new Map(stored.map((blob) => [blob.key, blob])))
  } catch (error) {
    if (error instanceof Problem && error.code !== 'unavailable') for (const { key } of objects) await blobs.delete(key)
    throw error
  }
}
