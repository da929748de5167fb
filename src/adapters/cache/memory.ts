import { randomUUID } from 'node:crypto'
import type { Cache, Listener } from '../../ports/cache.ts'
import type { Clock } from '../../ports/clock.ts'

interface MemoryCacheOptions {
  readonly clock: Clock
  readonly maxEntries?: number
  readonly maxBytes?: number
}

/** What an entry takes besides its text: the map's slot, two strings, an object. */
const overheadBytes = 150

/** A cache of this process alone. Where there is no room, what was unused for longest goes. */
export function openMemoryCache({ clock, maxEntries = 100_000, maxBytes = 64 * 2 ** 20 }: MemoryCacheOptions): Cache {
  const memory = randomUUID()
  const shelf = openShelf(clock, maxEntries, maxBytes)
  const channels = new Map<string, Set<Listener>>()

  return {
    memory: () => memory,
    get: async (keys) => keys.map((key) => shelf.find(key)?.value),
    set: async (key, value, { ttlMs, ifAbsent }) =>
      (ifAbsent === undefined || shelf.find(key) === undefined) && shelf.put(key, value, clock.nowMs() + ttlMs),
    async delete(keys) {
      for (const key of keys) shelf.remove(key)
      return true
    },
    async deleteMatching(part) {
      for (const key of shelf.keys()) if (key.includes(part)) shelf.remove(key)
      return true
    },
    async increment(key, windowMs) {
      const found = shelf.find(key)
      const endMs = found?.endMs ?? clock.nowMs() + windowMs
      const count = Number(found?.value ?? 0) + 1
      return Number.isSafeInteger(count) && shelf.put(key, String(count), endMs) ? { count, leftMs: endMs - clock.nowMs() } : undefined
    },
    async publish(channel, message) {
      for (const listener of channels.get(channel) ?? []) queueMicrotask(() => listener.onMessage(message))
      return true
    },
    async subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      return {
        async close() {
          listeners.delete(listener)
          if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel)
        },
      }
    },
  }
}

interface Entry {
  readonly value: string
  readonly endMs: number
}

interface Shelf {
  find(key: string): Entry | undefined
  /** False where it could never fit. */
  put(key: string, value: string, endMs: number): boolean
  remove(key: string): void
  keys(): readonly string[]
}

function openShelf(clock: Clock, maxEntries: number, maxBytes: number): Shelf {
  // In the order of last use: a map lists its keys as they were added.
  const entries = new Map<string, Entry>()
  let bytes = 0

  function remove(key: string): void {
    const entry = entries.get(key)
    if (entry === undefined) return
    bytes -= sizeOf(key, entry.value)
    entries.delete(key)
  }

  function find(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    if (entry.endMs <= clock.nowMs()) {
      remove(key)
      return undefined
    }
    entries.delete(key)
    entries.set(key, entry)
    return entry
  }

  function put(key: string, value: string, endMs: number): boolean {
    remove(key)
    const size = sizeOf(key, value)
    if (size > maxBytes) return false
    bytes += size
    entries.set(key, { value, endMs })
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes && entries.size <= maxEntries) break
      remove(oldest)
    }
    return true
  }

  return { find, put, remove, keys: () => [...entries.keys()] }
}

function sizeOf(key: string, value: string): number {
  return 2 * (key.length + value.length) + overheadBytes
}
