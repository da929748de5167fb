import { type CollectionName, placeOf } from '../model/collections.ts'
import type { ClaimQuery, Documents, ListQuery, Stored, Write } from '../ports/documents.ts'
import { type BoardDeps, watchNotice } from './cache-board.ts'
import { nameOf, openCacheEntries, ownerOf } from './cache-entries.ts'
import type { Opened } from './cache-notice.ts'
import { openCacheWrites } from './cache-writes.ts'

const cachedCollections: readonly string[] = ['users', 'days', 'insights'] satisfies CollectionName[]
const maxQueryLength = 500

/**
 * The same documents, with profiles, days and insights, and lists of one person's days and insights, read through a cache
 * that processes share. A read that begins after a write was acknowledged sees it or a later one, whatever becomes of the
 * cache; docs/decisions/2026-11-25-cache.md says why. It holds where every process writes through this layer.
 *
 * A write of what is cached takes up to 1.25 s more while the cache is being turned off.
 */
export function cachedDocuments(deps: BoardDeps): Documents {
  const { documents, cache } = deps
  const board = watchNotice(deps)
  const entries = openCacheEntries(cache, deps.newId)
  const { write, settle } = openCacheWrites(board, entries, deps.timer)

  async function through<T>(userId: string, name: string, load: () => Promise<T>): Promise<T> {
    const opened = await opening()
    return opened === undefined ? load() : entries.through(opened, userId, name, load)
  }

  /** The opening that a reader may use now. */
  async function opening(): Promise<Opened | undefined> {
    const sight = await board.look()
    const { notice } = sight
    return notice.state === 'on' && notice.memory === cache.memory() && board.isFresh(sight) ? notice : undefined
  }

  /** Which documents a claim takes is known only underway: they are not announced. */
  async function claimCached<T extends object>(
    documents: Documents,
    query: ClaimQuery,
    change: (found: Stored<T>) => T | undefined,
  ): Promise<readonly Stored<T>[]> {
    const paths = new Set<string>()
    try {
      return await documents.claim<T>(query, (found) => {
        const body = change(found)
        if (body !== undefined) paths.add(found.path)
        return body
      })
    } finally {
      await settle([...paths])
    }
  }

  /** `mayRemember` says whose documents may come out of the cache, which knows no walls. */
  const over = (documents: Documents, mayRemember: (userId: string) => boolean): Documents => ({
    async get<T>(path: string) {
      const load = () => documents.get<T>(path)
      return isCached(path) && mayRemember(ownerOf(path)) ? through(ownerOf(path), nameOf(path), load) : load()
    },
    async list<T>(query: ListQuery) {
      const load = () => documents.list<T>(query)
      const listed = listOf(query)
      return listed !== undefined && mayRemember(listed.userId) ? through(listed.userId, listed.name, load) : load()
    },
    async batch(writes) {
      const paths = writes.flatMap(pathsOf).filter(isCached)
      const taken = paths.length === 0 ? writes : writes.map(asItIsNow)
      await write(paths, () => documents.batch(taken))
    },
    claim: (query, change) =>
      cachedCollections.includes(query.collection) ? claimCached(documents, query, change) : documents.claim(query, change),
    actingFor(this: Documents, userId) {
      const own = documents.actingFor(userId)
      return own === documents ? this : over(own, (owner) => owner === userId)
    },
    close: () => documents.close(),
  })
  return over(documents, () => true)
}

function pathsOf(write: Write): string[] {
  const { path } = write
  if (write.op !== 'delete' || !('siblings' in write)) return [path]
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return [path, ...write.siblings.map(({ id }) => `${folder}${id}`)]
}

/** The commit comes later than the call, and the caller may change its objects in between. */
function asItIsNow(write: Write): Write {
  return write.op === 'put' ? { ...write, body: JSON.parse(JSON.stringify(write.body)) } : write
}

function isCached(path: string): boolean {
  return cachedCollections.includes(placeOf(path).collection)
}

/** Whole lists below one person; undefined for all others. */
function listOf(query: ListQuery): { userId: string; name: string } | undefined {
  const { collection, parent, index, equals, from, to, limit, cursor, isOfUse, asText } = query
  if (parent === undefined || isOfUse !== undefined || asText || !cachedCollections.includes(collection)) return undefined
  const place = placeOf(`${parent}/${collection}/x`)
  const name = `${collection}?${JSON.stringify([index, equals, from, to, limit, cursor])}`
  return place.collection === collection && name.length <= maxQueryLength ? { userId: place.ids.userId ?? '', name } : undefined
}
