import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openRedisCache } from '../../src/adapters/cache/redis.ts'
import type { Cache } from '../../src/ports/cache.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Redis, startRedis } from '../engines/redis.ts'
import { cacheContract, recorder } from './cache.ts'
import { expectProblem } from './expectations.ts'

type Opened = Cache & AsyncDisposable

const shared = await startRedis()
afterAll(() => ('missing' in shared ? undefined : shared.stop()))
describeEngine('redis', shared, (redis) => {
  let run = 0
  cacheContract('redis', async () => {
    run += 1
    const options = { prefix: `clarity-test:${process.pid}:${run}:` }
    const [cache, other] = [await openRedisCache(redis.url, options), await openRedisCache(redis.url, options)]
    return {
      cache,
      other,
      // Keys end by the server's own clock.
      pass: (ms) => setTimeout(ms),
      async remove() {
        await cache[Symbol.asyncDispose]()
        await other[Symbol.asyncDispose]()
      },
    }
  })
})

const own = await startRedis({ own: true })
afterAll(() => ('missing' in own ? undefined : own.stop()))
describeEngine('a Redis that fails', own, (redis) => {
  failures(redis)
  brokenSubscriptions(redis)
})

const ttlMs = 60_000
let cache: Opened

function failures(redis: Redis): void {
  beforeAll(() => redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction'))
  beforeEach(async () => {
    cache = await openRedisCache(redis.url)
  })
  afterEach(async () => {
    await cache[Symbol.asyncDispose]()
    await redis.command('CONFIG', 'SET', 'maxmemory', '0')
    await redis.command('FLUSHALL')
  })
  test('every key has an end', async () => {
    await cache.set('a', '1', { ttlMs })
    await cache.increment('n', ttlMs)
    expect(await redis.command('PTTL', 'clarity:a')).toBeGreaterThan(0)
    expect(await redis.command('PTTL', 'clarity:n')).toBeGreaterThan(0)
  })

  test('a stopped Redis is an absent one, soon without asking it, and comes back by itself', async () => {
    await cache.set('a', '1', { ttlMs })
    redis.freeze()
    await expectNothing(cache)
    expect(cache.memory()).toBeUndefined()
    await expectNothing(cache)
    redis.thaw()
    await isThere(cache)
    expect(await cache.set('a', '2', { ttlMs })).toBe(true)
  })

  test('a Redis that answers one command late is not given up at once', async () => {
    const before = cache.memory()
    redis.freeze()
    expect(await cache.set('a', '1', { ttlMs })).toBe(false)
    redis.thaw()
    expect(await cache.set('a', '2', { ttlMs })).toBe(true)
    expect(cache.memory()).toBe(before)
    expect(await cache.get(['a'])).toEqual(['2'])
  })

  test('a killed Redis is an absent one; restarted it is another memory, also with what it had saved', async () => {
    await cache.set('a', '1', { ttlMs })
    await redis.command('SAVE')
    const before = cache.memory()
    await redis.kill()
    await vi.waitFor(() => expect(cache.memory()).toBeUndefined())
    await expectNothing(cache)
    await redis.start()
    await isThere(cache)
    expect(cache.memory()).not.toBe(before)
    expect(await cache.get(['a'])).toEqual(['1'])
  })

  test('a cache opens where there is no Redis yet, and uses it when it is there', async () => {
    await redis.kill()
    await using early = await openRedisCache(redis.url)
    await expectNothing(early)
    await redis.start()
    await isThere(early)
    expect(await early.set('a', '1', { ttlMs })).toBe(true)
  })

  test('a full Redis keeps nothing new, counts nothing and still deletes', async () => {
    await cache.set('a', '1', { ttlMs })
    await redis.command('CONFIG', 'SET', 'maxmemory', '1mb')
    let count = 0
    while (await cache.set(`fill${count}`, 'x'.repeat(50_000), { ttlMs })) count += 1
    expect(await cache.set('b', '1', { ttlMs })).toBe(false)
    expect(await cache.increment('n', ttlMs)).toBeUndefined()
    expect(await cache.get(['a', 'b', 'n'])).toEqual(['1', undefined, undefined])
    expect(await cache.delete(['a'])).toBe(true)
    expect(await cache.get(['a'])).toEqual([undefined])
  })

  test('a value of another type under the key is an absent one', async () => {
    await redis.command('LPUSH', 'clarity:list', 'x')
    expect(await cache.get(['list'])).toEqual([undefined])
    expect(await cache.increment('list', ttlMs)).toBeUndefined()
  })

  test('a closed cache is an absent one', async () => {
    await cache[Symbol.asyncDispose]()
    await expectNothing(cache)
    await cache[Symbol.asyncDispose]()
  })

  test('credentials that the server refuses stop the opening, and so does a URL that is none', async () => {
    const refused = new URL(redis.url)
    refused.username = 'nobody'
    refused.password = 'wrong'
    await expectProblem('unavailable', openRedisCache(refused.href))
    await expectProblem('invalid', openRedisCache('http://127.0.0.1'))
    await expectProblem('invalid', openRedisCache('redis'))
  })
}

function brokenSubscriptions(redis: Redis): void {
  test('a listener hears again after a restart and is told that it may have missed something', async () => {
    const heard = recorder()
    await cache.subscribe('events', heard)
    await cache.publish('events', 'before')
    await vi.waitFor(() => expect(heard.said).toEqual(['before']))
    await redis.kill()
    await vi.waitFor(() => expect(cache.memory()).toBeUndefined())
    const late = recorder()
    const subscription = await cache.subscribe('events', late)
    await redis.start()
    await vi.waitFor(() => expect([heard.said, late.said]).toEqual([['before', 'gap'], ['gap']]), { timeout: 20_000 })
    await cache.publish('events', 'after')
    await vi.waitFor(() =>
      expect([heard.said, late.said]).toEqual([
        ['before', 'gap', 'after'],
        ['gap', 'after'],
      ]),
    )
    await subscription.close()
  })

  test('a frozen Redis breaks a subscription only as long as it is frozen', async () => {
    const heard = recorder()
    await cache.subscribe('events', heard)
    redis.freeze()
    await expectNothing(cache)
    redis.thaw()
    await vi.waitFor(() => expect(heard.said).toContain('gap'), { timeout: 20_000 })
    await cache.publish('events', 'after')
    await vi.waitFor(() => expect(heard.said.at(-1)).toBe('after'))
  })
}

function isThere(opened: Cache): Promise<void> {
  return vi.waitFor(() => expect(opened.memory()).toBeDefined(), { timeout: 20_000 })
}

/** Every method at once, as of a cache that is not there. */
async function expectNothing(opened: Cache): Promise<void> {
  const answers = await Promise.all([
    opened.get(['a', 'b']),
    opened.set('a', '2', { ttlMs }),
    opened.increment('n', ttlMs),
    opened.publish('events', 'x'),
    opened.delete(['a']),
  ])
  expect(answers).toEqual([[undefined, undefined], false, undefined, false, false])
}
