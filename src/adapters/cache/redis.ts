import type { Cache, SetOptions } from '../../ports/cache.ts'
import { openChannels } from './redis-channels.ts'
import { keepLink, LateError, type Link, type RedisClient, within } from './redis-link.ts'

interface RedisCacheOptions {
  /** Before every key and channel. */
  readonly prefix?: string
}

const limitMs = 50
/** For what is worth waiting for: a write that cannot delete costs its caller more than this. */
const patientMs = 500
const maxMisses = 3
const maxInFlight = 10_000
const pulseMs = 5000

/** A cache that processes share in Redis: `redis://…` or `rediss://…`. Opens also where there is none yet. */
export async function openRedisCache(url: string, { prefix = 'clarity:' }: RedisCacheOptions = {}): Promise<Cache & AsyncDisposable> {
  const channels = openChannels(() => links, patientMs)
  let inFlight = 0
  const links = await keepLink(url, (link) => void channels.resume(link))

  async function ask<T>(ms: number, work: (client: RedisClient) => Promise<T>): Promise<{ readonly reply: T } | undefined> {
    const link = links.current()
    if (link === undefined || inFlight >= maxInFlight) return undefined
    inFlight += 1
    try {
      const reply = await within(ms, work(link.client))
      link.misses = 0
      link.isProven = true
      return { reply }
    } catch (error) {
      if (error instanceof LateError) countMiss(link, ms)
      else if (!links.isOutage(error)) throw error
      return undefined
    } finally {
      inFlight -= 1
    }
  }

  function countMiss(link: Link, ms: number): void {
    link.misses += 1
    if (link.misses >= maxMisses || ms >= patientMs) links.drop(link)
  }

  async function deleteAll(keys: readonly string[]): Promise<boolean> {
    return keys.length === 0 || (await ask(patientMs, (client) => client.unlink(keys.map((key) => prefix + key)))) !== undefined
  }

  async function set(key: string, value: string, { ttlMs, ifAbsent }: SetOptions): Promise<boolean> {
    const expiration = { type: 'PX', value: ttlMs } as const
    const options = ifAbsent ? ({ expiration, condition: 'NX' } as const) : { expiration }
    return (await ask(limitMs, (client) => client.set(prefix + key, value, options)))?.reply === 'OK'
  }

  // An idle connection whose other end is gone would hear nothing for ever.
  const pulse = setInterval(() => void (channels.isEmpty() || ask(patientMs, (client) => client.ping())), pulseMs).unref()

  return {
    memory: () => links.current()?.memory,
    async get(keys) {
      if (keys.length === 0) return []
      const asked = await ask(limitMs, (client) => client.mGet(keys.map((key) => prefix + key)))
      return keys.map((_, at) => asked?.reply[at] ?? undefined)
    },
    set,
    delete: deleteAll,
    deleteMatching: (part) => deleteMatching({ ask, deleteAll, prefix }, part),
    async increment(key, windowMs) {
      const counted = await ask(limitMs, (client) => countInWindow(client, prefix + key, windowMs))
      return counted?.reply
    },
    publish: async (channel, message) => (await ask(limitMs, (client) => client.publish(prefix + channel, message))) !== undefined,
    subscribe: (channel, listener) => channels.subscribe(prefix + channel, listener),
    async [Symbol.asyncDispose]() {
      clearInterval(pulse)
      links.close()
    },
  }
}

interface Asking {
  readonly ask: <T>(ms: number, work: (client: RedisClient) => Promise<T>) => Promise<{ readonly reply: T } | undefined>
  readonly deleteAll: (keys: readonly string[]) => Promise<boolean>
  readonly prefix: string
}

/** Page by page, each within its time: others are answered in between. */
async function deleteMatching({ ask, deleteAll, prefix }: Asking, part: string): Promise<boolean> {
  const options = { MATCH: `*${part.replaceAll(/[\\*?[\]]/g, '\\$&')}*`, COUNT: 1000 }
  let cursor = '0'
  do {
    const at = cursor
    const page = (await ask(patientMs, (client) => client.scan(at, options)))?.reply
    if (page === undefined) return false
    const keys = page.keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
    if (!(await deleteAll(keys))) return false
    cursor = String(page.cursor)
  } while (cursor !== '0')
  return true
}

/** In one transaction, so that no counter is ever without an end. */
async function countInWindow(client: RedisClient, key: string, windowMs: number): Promise<{ count: number; leftMs: number }> {
  const [, count, leftMs] = await client
    .multi()
    .set(key, '0', { expiration: { type: 'PX', value: windowMs }, condition: 'NX' })
    .incr(key)
    .pTTL(key)
    .exec()
  return { count: Number(count), leftMs: Number(leftMs) }
}
