import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Cache, Listener } from '../../src/ports/cache.ts'

export interface OpenedCache {
  /** Empty. */
  readonly cache: Cache
  /** What another process would open. */
  readonly other: Cache
  /** Lets so much time pass for the cache. */
  pass(ms: number): Promise<void>
  remove(): Promise<void>
}

/** What `ports/cache.ts` promises of a cache that is there. What it promises of one that is not is the adapter's own test. */
export function cacheContract(name: string, open: () => Promise<OpenedCache>): void {
  describe(`${name} keeps the promises of a cache`, () => {
    let opened: OpenedCache
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.remove())

    values(() => opened)
    counts(() => opened)
    channels(() => opened)
  })
}

const ttlMs = 60_000

function values(opened: () => OpenedCache): void {
  test('values come back by their keys, in the order asked, for every process, and what is absent is undefined', async () => {
    const { cache, other } = opened()
    const odd = 'line\n\0 ü 🫀 "quote"'
    expect(await cache.set('a:{u1}:x', '1', { ttlMs })).toBe(true)
    expect(await cache.set('b', odd, { ttlMs })).toBe(true)
    expect(await cache.set('empty', '', { ttlMs })).toBe(true)
    expect(await other.get(['b', 'nothing', 'a:{u1}:x', 'empty'])).toEqual([odd, undefined, '1', ''])
    expect(await cache.get([])).toEqual([])
  })

  test('a set replaces, and with ifAbsent does not', async () => {
    const { cache } = opened()
    expect(await cache.set('a', '1', { ttlMs, ifAbsent: true })).toBe(true)
    expect(await cache.set('a', '2', { ttlMs, ifAbsent: true })).toBe(false)
    expect(await cache.get(['a'])).toEqual(['1'])
    expect(await cache.set('a', '3', { ttlMs })).toBe(true)
    expect(await cache.get(['a'])).toEqual(['3'])
  })

  test('a value is gone when its time is over, and then counts as absent', async () => {
    const { cache, pass } = opened()
    await cache.set('short', '1', { ttlMs: 30 })
    await cache.set('long', '2', { ttlMs })
    await pass(40)
    expect(await cache.get(['short', 'long'])).toEqual([undefined, '2'])
    expect(await cache.set('short', '3', { ttlMs, ifAbsent: true })).toBe(true)
  })

  test('deleteMatching takes every key that has the part in it, as it is written, and no other', async () => {
    const { cache, other } = opened()
    const part = '{u1}:*[x]'
    const those = Array.from({ length: 30 }, (_, n) => `a${n}:${part}:days`)
    for (const key of [...those, 'a:{u1}:days', 'a:{u2}:days', 'b:{u1}:zx']) await cache.set(key, '1', { ttlMs })
    expect(await other.deleteMatching(part)).toBe(true)
    expect(await cache.get([...those, 'a:{u1}:days', 'a:{u2}:days', 'b:{u1}:zx'])).toEqual([...those.map(() => undefined), '1', '1', '1'])
    expect(await cache.deleteMatching('{u1}')).toBe(true)
    expect(await other.get(['a:{u1}:days', 'a:{u2}:days'])).toEqual([undefined, '1'])
    expect(await cache.deleteMatching('nothing has this')).toBe(true)
  })

  test('deleted keys are gone together, and those that were not there are no error', async () => {
    const { cache, other } = opened()
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, { ttlMs })
    expect(await other.delete(['a', 'nothing', 'c'])).toBe(true)
    expect(await cache.delete([])).toBe(true)
    expect(await cache.get(['a', 'b', 'c'])).toEqual([undefined, 'b', undefined])
  })

  test('the memory has a name, the same for all who share it', async () => {
    const { cache, other } = opened()
    expect(cache.memory()).toEqual(expect.stringMatching(/./))
    expect(other.memory()).toBe(cache.memory())
  })
}

function counts(opened: () => OpenedCache): void {
  test('increments from everywhere add up, each seen once', async () => {
    const { cache, other } = opened()
    const counted = await Promise.all(Array.from({ length: 100 }, (_, n) => (n % 2 ? cache : other).increment('rate:u1', ttlMs)))
    expect(counted.map((each) => each?.count).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, n) => n + 1))
  })

  test('a window ends when its first increment says, whatever came after, and the next begins at one', async () => {
    const { cache, pass } = opened()
    const first = await cache.increment('rate', 50)
    expect(first).toEqual({ count: 1, leftMs: expect.any(Number) })
    expect(first?.leftMs).toBeGreaterThan(0)
    expect(first?.leftMs).toBeLessThanOrEqual(50)
    const second = await cache.increment('rate', ttlMs)
    expect(second?.leftMs).toBeLessThanOrEqual(50)
    await pass(60)
    expect(await cache.increment('rate', ttlMs)).toMatchObject({ count: 1 })
  })
}

function channels(opened: () => OpenedCache): void {
  test('what is published reaches every listener of the channel in order, and nobody else', async () => {
    const { cache, other } = opened()
    const heard = [recorder(), recorder(), recorder(), recorder()] as const
    await cache.subscribe('events:u1', heard[0])
    await cache.subscribe('events:u1', heard[1])
    await other.subscribe('events:u1', heard[2])
    await other.subscribe('events:u2', heard[3])
    const messages = Array.from({ length: 50 }, (_, n) => `message ${n} ü\n`)
    for (const message of messages) expect(await other.publish('events:u1', message)).toBe(true)
    for (const { said } of heard.slice(0, 3)) await vi.waitFor(() => expect(said).toEqual(messages))
    expect(heard[3].said).toEqual([])
  })

  test('who closed its subscription hears no more, the others do, and it may subscribe again', async () => {
    const { cache } = opened()
    const [leaving, staying] = [recorder(), recorder()]
    const subscription = await cache.subscribe('events', leaving)
    await cache.subscribe('events', staying)
    await subscription.close()
    await subscription.close()
    await cache.publish('events', 'one')
    await vi.waitFor(() => expect(staying.said).toEqual(['one']))
    expect(leaving.said).toEqual([])
    const again = await cache.subscribe('events', leaving)
    await cache.publish('events', 'two')
    await vi.waitFor(() => expect([leaving.said, staying.said]).toEqual([['two'], ['one', 'two']]))
    await again.close()
  })

  test('what is published to nobody is no error', async () => {
    expect(await opened().cache.publish('events', 'x')).toBe(true)
  })
}

/** Notes what it hears; a gap as `gap`. */
export function recorder(): Listener & { readonly said: string[] } {
  const said: string[] = []
  return { said, onMessage: (message) => said.push(message), onGap: () => said.push('gap') }
}
