import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { openRedisCache } from '../../src/adapters/cache/redis.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import type { Cache } from '../../src/ports/cache.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { put } from '../contracts/expectations.ts'
import { type Cable, layCable } from '../engines/cable.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Redis, startRedis } from '../engines/redis.ts'
import { handTimer } from './hand-timer.ts'

const paths = ['users/u1', 'users/u1/days/2024-01-20', 'users/u1/insights/2024-01-20', 'users/u2/days/2024-01-20']
const lists = ['days', 'insights'].map((collection) => ({ collection, parent: 'users/u1', limit: 10 }))

const engine = await startRedis({ own: true })
afterAll(() => ('missing' in engine ? undefined : engine.stop()))

describeEngine('two processes over one store and a real Redis', engine, (redis) => {
  test('every answer is that of the bare store, with Redis stopped, killed, restored, full, flushed and well', async () => {
    const numbers = fc.array(fc.nat(0xffffff), { minLength: 60, maxLength: 120 })
    let hits = 0
    await fc.assert(
      fc.asyncProperty(numbers, async (chosen) => {
        await using pair = await openPair(redis)
        for (const number of chosen) await play(pair, number)
        await mend(pair)
        hits += await pair.hits()
      }),
      { numRuns: 20 },
    )
    expect(hits).toBeGreaterThan(100)
  })

  test('a Redis that starts again from an older snapshot brings nothing back', async () => {
    await using pair = await openPair(redis)
    const [one, two] = pair.layers
    await one.batch([put('users/u1', { n: 1 })])
    await two.get('users/u1')
    await redis.command('SAVE')
    await one.batch([put('users/u1', { n: 2 })])
    await redis.kill()
    await redis.start()
    await reached(pair)
    for (const layer of pair.layers) expect((await layer.get('users/u1'))?.body).toEqual({ n: 2 })
  })

  test('a write by one who is cut off is seen by those who still read from the cache', async () => {
    await using pair = await openPair(redis)
    const [one, two] = pair.layers
    await one.batch([put('users/u1', { n: 1 })])
    for (const _ of [1, 2]) await one.get('users/u1')
    pair.cable.cut()
    await vi.waitFor(() => expect(pair.caches[1].memory()).toBeUndefined())
    await two.batch([put('users/u1', { n: 2 })])
    expect((await one.get('users/u1'))?.body).toEqual({ n: 2 })
  })

  test.each(['noeviction', 'allkeys-lru'])('a Redis that is full by %s gives no other answers', async (policy) => {
    await using pair = await openPair(redis)
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', policy)
    await redis.command('CONFIG', 'SET', 'maxmemory', '1mb')
    const text = 'x'.repeat(50_000)
    for (let n = 0; n < 60; n += 1) {
      const path = `users/u${n % 30}`
      await pair.layers[n % 2]?.batch([put(path, { n, text })])
      for (const layer of pair.layers) expect((await layer.get(path))?.body).toEqual({ n, text })
    }
    await mend(pair)
  })
})

interface Pair extends AsyncDisposable {
  readonly redis: Redis
  /** The second process's own way to Redis. */
  readonly cable: Cable
  readonly store: Documents
  readonly layers: readonly [Documents, Documents]
  readonly caches: readonly [Cache, Cache]
  pass(ms: number): void
  hits(): Promise<number>
}

/** Leases run by a timer of the test; what Redis does takes its own time. */
async function openPair(redis: Redis): Promise<Pair> {
  await redis.command('FLUSHALL')
  const timer = handTimer()
  const clock = { nowMs: timer.elapsedMs }
  const store = openSqliteDocuments('sqlite::memory:')
  const cable = await layCable(redis.url)
  const caches = [await openRedisCache(redis.url), await openRedisCache(cable.url)] as const
  const layerOf = (cache: Cache) => cachedDocuments({ documents: store, cache, clock, timer, newId: () => crypto.randomUUID() })
  const layers = [layerOf(caches[0]), layerOf(caches[1])] as const
  const pair = { redis, cable, store, layers, caches, pass: timer.pass, hits: () => hitsOf(redis) }
  for (let looks = 0; looks < 6; looks += 1) await look(pair)
  return {
    ...pair,
    async [Symbol.asyncDispose]() {
      for (const cache of caches) await cache[Symbol.asyncDispose]()
      await cable.stop()
      await store.close()
    },
  }
}

async function look({ layers, pass }: Pick<Pair, 'layers' | 'pass'>): Promise<void> {
  pass(1300)
  for (const layer of layers) await layer.get('users/nobody')
}

/** By Redis' own count. */
async function hitsOf(redis: Redis): Promise<number> {
  return Number(/keyspace_hits:(\d+)/.exec(String(await redis.command('INFO', 'stats')))?.[1])
}

async function play(pair: Pair, number: number): Promise<void> {
  const [kind, rest] = [number % 40, Math.floor(number / 40)]
  if (kind < 2) await disturb(pair, rest)
  else if (kind < 4) pair.pass([100, 700, 1300, 5000][rest % 4] ?? 0)
  else if (kind < 10) await change(pair, rest)
  else if (kind < 12) await look(pair)
  else await compare(pair, rest)
}

const disturbances: readonly ((pair: Pair) => unknown)[] = [
  ({ redis }) => redis.freeze(),
  ({ redis }) => redis.command('FLUSHALL'),
  ({ redis }) => redis.command('CONFIG', 'SET', 'maxmemory', '1mb'),
  ({ redis }) => redis.kill(),
  // What a later kill falls back to.
  ({ redis }) => redis.command('SAVE'),
  ({ cable }) => cable.cut(),
  ({ cable }) => cable.cut(),
]

/** One at a time; the next of them first ends the one before. */
async function disturb(pair: Pair, number: number): Promise<void> {
  await mend(pair)
  await disturbances[number % disturbances.length]?.(pair)
  if (number % 3 === 0) await mend(pair)
  if (number % 6 === 0) await reached(pair)
}

async function mend({ redis, cable }: Pair): Promise<void> {
  redis.thaw()
  cable.mend()
  if (!redis.isRunning()) await redis.start()
  await redis.command('CONFIG', 'SET', 'maxmemory', '0')
}

async function reached({ caches }: Pair): Promise<void> {
  for (const cache of caches) await vi.waitFor(() => expect(cache.memory()).toBeDefined(), { timeout: 20_000 })
}

let values = 0

/** Also two writers at once, and a reader beside the writer. */
async function change({ layers, store }: Pair, number: number): Promise<void> {
  const writes = [0, 1].map((n): Write => {
    values += 1
    const path = paths[(number + n) % paths.length] ?? ''
    return number % 4 === 0 ? { op: 'delete', path } : put(path, { n: values })
  })
  const [first, second] = writes
  if (!first || !second) return
  const reading = layers[1].get(first.path)
  await Promise.all([layers[number % 2]?.batch([first]), number % 3 === 0 && layers[1 - (number % 2)]?.batch([second]), reading])
  for (const layer of layers) expect(await layer.get(first.path)).toEqual(await store.get(first.path))
}

async function compare({ layers, store }: Pair, number: number): Promise<void> {
  const layer = layers[number % 2] ?? layers[0]
  const path = paths[number % paths.length] ?? ''
  const list = lists[number % lists.length] ?? { collection: 'days', limit: 1 }
  if (number % 5 === 0) expect(await layer.list(list)).toEqual(await store.list(list))
  else expect(await layer.get(path)).toEqual(await store.get(path))
}
