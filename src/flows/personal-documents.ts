import { type Collection, type CollectionName, collectionNames, collections } from '../model/collections.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { every } from './every.ts'

export interface PersonalDocument extends Stored<object> {
  readonly collection: CollectionName
}

/** The collections that hold something of a person, what lies below another document before that document: whose it is, that one says. */
export const personalCollections: readonly CollectionName[] = collectionNames
  .filter((name) => collections[name].personal)
  .toSorted((one, other) => depthOf(other) - depthOf(one))

function depthOf(name: CollectionName): number {
  return collections[name].path.split('/').length
}

/** Every document of a person, wherever the table of collections says that there may be one. */
export async function* everyPersonalDocument(
  documents: Documents,
  userId: string,
  among: readonly CollectionName[] = personalCollections,
): AsyncGenerator<PersonalDocument> {
  const seen = new Set<string>()
  for (const collection of among) {
    for await (const found of listed(documents, collection, userId)) {
      if (seen.has(found.path)) continue
      if (mayMeetTwice(collection)) seen.add(found.path)
      yield { ...found, collection }
    }
    seen.clear()
  }
}

/** Listed under what it lies below, and by whose it is. */
function mayMeetTwice(collection: CollectionName): boolean {
  return collection === 'requests' || (depthOf(collection) > 2 && !collections[collection].path.startsWith('users/'))
}

async function* listed(documents: Documents, collection: CollectionName, userId: string): AsyncGenerator<Stored<object>> {
  const { path } = collections[collection]
  const parent = path.split('/').slice(0, -2).join('/')
  const index = indexByOwner(collection)
  if (path === 'users/{userId}') yield* one(documents, `users/${userId}`)
  else if (parent === 'users/{userId}') yield* every<object>(documents, { collection, parent: `users/${userId}` })
  else if (index !== undefined) yield* every<object>(documents, { collection, index, equals: [userId] })
  // The call that made a person without naming an id gave them its own, and its answer says so.
  if (collection === 'requests') yield* one(documents, `requests/${userId}`)
  const above = collectionNames.find((name) => collections[name].path === parent && !parent.startsWith('users/'))
  if (above !== undefined) yield* below(documents, collection, listed(documents, above, userId))
}

async function* one(documents: Documents, path: string): AsyncGenerator<Stored<object>> {
  const found = await documents.get<object>(path)
  if (found !== undefined) yield found
}

async function* below(documents: Documents, collection: CollectionName, parents: AsyncIterable<Stored>): AsyncGenerator<Stored<object>> {
  for await (const { path: parent } of parents) yield* every<object>(documents, { collection, parent })
}

/** An index that whose it is leads. */
function indexByOwner(collection: CollectionName): string | undefined {
  const { indexes }: Collection = collections[collection]
  return Object.keys(indexes).find((name) => ['userId', 'audience'].includes(indexes[name]?.[0] ?? ''))
}
