import { type Collection, type CollectionName, collections, placeOf } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Write } from '../ports/documents.ts'
import type { Stores } from './fill-store.ts'
import { erased, type Tombstones } from './tombstones.ts'

/** Both, with nothing new of who was erased. */
export function guardedStores({ documents, blobs }: Stores, tombstones: Tombstones): Stores {
  return { documents: guardedDocuments(documents, tombstones), blobs: guardedBlobs(blobs, tombstones) }
}

/**
 * The same documents, in which nothing can be put of a person who was erased: each batch that puts something of theirs also expects, in
 * itself, that no tombstone stands, so that what races the erasure is there before it or not at all. Throws `Problem('erased')`.
 */
function guardedDocuments(documents: Documents, tombstones: Tombstones): Documents {
  async function batch(inner: Documents, writes: readonly Write[]): Promise<void> {
    const owners = distinct(writes.flatMap(ownerOf))
    const expected = await Promise.all(owners.map(async (userId): Promise<Write> => absent(await tombstones.pathOf(userId))))
    try {
      await inner.batch([...expected, ...writes])
    } catch (error) {
      throw error instanceof Problem && error.code === 'conflict' && (await isAnyErased(owners)) ? erased(error) : error
    }
  }

  async function isAnyErased(owners: readonly string[]): Promise<boolean> {
    return (await Promise.all(owners.map(tombstones.isErased))).includes(true)
  }

  const over = (inner: Documents): Documents => ({
    get: (path) => inner.get(path),
    list: (query) => inner.list(query),
    batch: (writes) => batch(inner, writes),
    claim: (query, change) => inner.claim(query, change),
    actingFor(this: Documents, userId) {
      const own = inner.actingFor(userId)
      return own === inner ? this : over(own)
    },
    close: () => inner.close(),
  })
  return over(documents)
}

/** Of very few: a Set would have V8 make a name of each. */
function distinct(texts: readonly string[]): string[] {
  return texts.filter((text, at) => texts.indexOf(text) === at)
}

function absent(path: string): Write {
  return { op: 'delete', path, ifVersion: 0 }
}

/** Whose a put is, by its path or its body. What is deleted brings nobody back. */
function ownerOf(write: Write): string[] {
  if (write.op === 'delete') return []
  const { collection, ids } = placeOf(write.path)
  const row: Collection = collections[collection as CollectionName]
  if (!row.personal) return []
  const said = ids.userId ?? (write.body as { readonly userId?: unknown }).userId
  return typeof said === 'string' ? [said] : []
}

/** Where the objects of a person lie; `exports` among them. */
export const personalFolders = ['samples', 'uploads', 'exports', 'archive'] as const

/**
 * The same objects, none of which stays of a person who was erased: who put one asks afterwards, and takes it away again. Throws
 * `Problem('erased')`.
 */
function guardedBlobs(blobs: Blobs, tombstones: Tombstones): Blobs {
  async function refuseErased(keys: readonly string[]): Promise<void> {
    const owners = new Set(keys.flatMap(ownerOfKey))
    for (const userId of owners) {
      if (!(await tombstones.isErased(userId))) continue
      for (const key of keys) if (ownerOfKey(key).includes(userId)) await blobs.delete(key)
      throw erased()
    }
  }

  return {
    ...blobs,
    async putAll(objects, options) {
      const stored = await blobs.putAll(objects, options)
      await refuseErased(objects.map(({ key }) => key))
      return stored
    },
    async putStream(key, content, options) {
      const stored = await blobs.putStream(key, content, options)
      await refuseErased([key])
      return stored
    },
  }
}

/** Whose an object is, by its key; nobody's for any other. */
export function ownerOfKey(key: string): string[] {
  const [folder, userId, rest] = key.split('/', 3)
  return personalFolders.some((each) => each === folder) && userId !== undefined && rest !== undefined ? [userId] : []
}
