import type { CollectionName } from '../model/collections.ts'
import type { ImportRecord } from '../model/import.ts'
import type { CarriedDocument } from '../model/person-export.ts'
import type { FileToPack } from '../ports/archive.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { toLines } from './document-lines.ts'
import { everyKept } from './kept-of-person.ts'
import { objectsNamedIn } from './named-objects.ts'

interface Deps {
  readonly documents: Documents
  readonly blobs: Blobs
}

/** The documents of a person as they are kept, and the objects that these name, once each: `originals/` as they were sent, and samples. */
export async function* carriedFiles(
  deps: Deps,
  userId: string,
  collections: readonly CollectionName[],
  count: (collection: string) => void,
): AsyncGenerator<FileToPack> {
  for (const collection of collections) {
    yield { name: `store/${collection}.ndjson`, content: toLines(documentsOf(deps, userId, collection, count)) }
  }
  yield* originals(deps, userId)
  yield* samples(deps, userId)
}

async function* documentsOf(
  deps: Deps,
  userId: string,
  collection: CollectionName,
  count: (collection: string) => void,
): AsyncGenerator<CarriedDocument> {
  for await (const { path, body } of everyKept(deps, userId, collection)) {
    count(collection)
    yield { path: path.slice(`users/${userId}/`.length), body: body as CarriedDocument['body'] }
  }
}

/** Under the names of the objects, with the file's own name: several imports of the same bytes share one. */
async function* originals(deps: Deps, userId: string): AsyncGenerator<FileToPack> {
  const seen = new Set<string>()
  const { blobs } = deps
  for await (const { body } of everyKept<ImportRecord>(deps, userId, 'imports')) {
    const { original } = body
    if (original === undefined || seen.has(original) || (await blobs.head(original)) === undefined) continue
    seen.add(original)
    const isPacked = await isZip(blobs, original)
    yield { name: `originals/${nameOf(original, userId)}`, content: blobs.read(original), ...(isPacked && { isPacked: true as const }) }
  }
}

async function isZip(blobs: Blobs, key: string): Promise<boolean> {
  const [first, second] = await blobs.get(key, { range: { from: 0, to: 2 } })
  return first === 0x50 && second === 0x4b
}

async function* samples(deps: Deps, userId: string): AsyncGenerator<FileToPack> {
  const seen = new Set<string>()
  for (const collection of ['healthSessions', 'sessionRevisions'] as const) {
    for await (const { key } of objectsNamedIn(collection, everyKept(deps, userId, collection))) {
      if (seen.has(key)) continue
      seen.add(key)
      yield { name: `store/samples/${nameOf(key, userId)}`, content: deps.blobs.read(key), isPacked: true }
    }
  }
}

/** `samples/u1/2024-05/x.parquet` as `2024-05/x.parquet`. */
function nameOf(key: string, userId: string): string {
  const [, owner, ...rest] = key.split('/')
  return owner === userId ? rest.join('/') : key.replaceAll('/', '_')
}
