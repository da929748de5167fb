import type { Archive } from '../model/archive.ts'
import { type CollectionName, placeOf } from '../model/collections.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { archivedRows, collectionOf, openedRow } from './archived-row.ts'
import { every } from './every.ts'
import { everyPersonalDocument } from './personal-documents.ts'

interface Deps {
  readonly documents: Documents
  readonly blobs: Blobs
}

/** Every document of a person in a collection: what is archived first, as it was, then what is hot. */
export async function* everyKept<T extends object>(deps: Deps, userId: string, collection: CollectionName): AsyncGenerator<Stored<T>> {
  yield* archivedOf<T>(deps, userId, collection)
  for await (const { path, version, body } of everyPersonalDocument(deps.documents, userId, [collection]))
    yield { path, version, body: body as T }
}

/** What is archived of a collection, month by month. */
async function* archivedOf<T extends object>(deps: Deps, userId: string, collection: CollectionName): AsyncGenerator<Stored<T>> {
  for await (const { rows } of archivedMonths<T>(deps, userId, collection)) yield* rows
}

export interface ArchivedMonth<T> {
  /** `rawData_2019-11` */
  readonly name: string
  readonly rows: readonly Stored<T>[]
}

/** The archives that hold something of a collection, with what stands nowhere else: what was brought back is among the hot. */
export async function* archivedMonths<T extends object>(
  deps: Deps,
  userId: string,
  collection: CollectionName,
): AsyncGenerator<ArchivedMonth<T>> {
  for await (const { path, body } of every<Archive>(deps.documents, { collection: 'archives', parent: `users/${userId}` })) {
    if ((body.counts[collection] ?? 0) === 0) continue
    const rows = (await archivedRows(deps, body)).filter((row) => collectionOf(row) === collection)
    const standing = await Promise.all(rows.map((row) => deps.documents.get(row.path)))
    const alone = rows.filter((_, at) => standing[at] === undefined)
    if (alone.length > 0) yield { name: placeOf(path).id, rows: alone.map((row) => openedRow<T>(row)) }
  }
}
