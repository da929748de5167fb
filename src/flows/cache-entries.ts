import { placeOf } from '../model/collections.ts'
import type { Cache } from '../ports/cache.ts'
import type { Opened } from './cache-notice.ts'

/** What is kept of one person in one opening. */
export interface CacheEntries {
  /** What was kept under `name`, else what `load` gives, which is kept if it may be. */
  through<T>(opened: Opened, userId: string, name: string, load: () => Promise<T>): Promise<T>
  /** Before a write: nothing is read or kept of whom these paths belong to until `forget`. False when nobody answered. */
  hold(opened: Opened, paths: readonly string[]): Promise<boolean>
  /** After a write: nothing that was read before is found any more. False when that is not certain. */
  forget(opened: Opened, paths: readonly string[]): Promise<boolean>
}

/** Also the longest that a replaced or erased value lies, unread, in the memory. */
const entryTtlMs = 60_000
const generationTtlMs = 3_600_000
/** Longer than any commit. */
const holdTtlMs = 60_000
const maxLength = 256 * 1024
const held = '!'

/**
 * Entries carry their person's generation, a random name that a write takes away. Random, and not counted: a number that
 * was lost would be reached again, and with it what was kept under it.
 */
export function openCacheEntries(cache: Cache, newId: () => string): CacheEntries {
  async function through<T>(opened: Opened, userId: string, name: string, load: () => Promise<T>): Promise<T> {
    const entryKey = keyOf(opened, userId, name)
    const [found, entry] = await cache.get([generationKey(opened, userId), entryKey])
    if (cache.memory() !== opened.memory || found?.startsWith(held)) return load()
    const kept = found === undefined ? undefined : contentOf<T>(entry, found)
    if (kept !== undefined) return kept

    // The generation must stand before the store is asked: a write between the two then takes it away.
    const generation = found ?? (await begin(opened, userId))
    const loaded = await load()
    if (generation !== undefined && loaded !== undefined) await keep(entryKey, `${generation}\n${JSON.stringify(loaded)}`)
    return loaded
  }

  async function keep(key: string, text: string): Promise<void> {
    if (text.length <= maxLength) await cache.set(key, text, { ttlMs: entryTtlMs })
  }

  async function begin(opened: Opened, userId: string): Promise<string | undefined> {
    const generation = newId()
    const stands = await cache.set(generationKey(opened, userId), generation, { ttlMs: generationTtlMs, ifAbsent: true })
    return stands && cache.memory() === opened.memory ? generation : undefined
  }

  async function hold(opened: Opened, paths: readonly string[]): Promise<boolean> {
    if (cache.memory() !== opened.memory) return false
    const keys = [...new Set(paths.map((path) => generationKey(opened, ownerOf(path))))]
    const held = await Promise.all(keys.map((key) => cache.set(key, holdText(), { ttlMs: holdTtlMs })))
    // A full memory takes nothing and still deletes, which is all that `forget` needs.
    return held.every(Boolean) ? cache.memory() === opened.memory : forget(opened, paths)
  }

  function holdText(): string {
    return `${held}${newId()}`
  }

  async function forget(opened: Opened, paths: readonly string[]): Promise<boolean> {
    if (cache.memory() !== opened.memory) return false
    const keys = paths.flatMap((path) => [generationKey(opened, ownerOf(path)), keyOf(opened, ownerOf(path), nameOf(path))])
    return (await cache.delete([...new Set(keys)])) && cache.memory() === opened.memory
  }

  return { through, hold, forget }
}

/** The name under which one document is kept: `users/u1/days/2024-01-20` as `days:2024-01-20`. */
export function nameOf(path: string): string {
  const { collection, id } = placeOf(path)
  return `${collection}:${id}`
}

export function ownerOf(path: string): string {
  return placeOf(path).ids.userId ?? ''
}

function generationKey(opened: Opened, userId: string): string {
  return keyOf(opened, userId, 'generation')
}

/** The braces keep a person's keys in one slot of a Redis cluster; ids hold nothing but letters, digits, `_` and `-`. */
function keyOf({ space }: Opened, userId: string, name: string): string {
  return `${space}:{${userId}}:${name}`
}

function contentOf<T>(entry: string | undefined, generation: string): T | undefined {
  if (!entry?.startsWith(`${generation}\n`)) return undefined
  try {
    return JSON.parse(entry.slice(generation.length + 1))
  } catch {
    // Damaged in a memory that promises nothing: as good as absent.
    return undefined
  }
}
