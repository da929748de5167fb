import { expect, test } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { cacheContract } from './cache.ts'

let nowMs = Date.parse('2024-01-20T00:00:00Z')
const clock = { nowMs: () => nowMs }
const ttlMs = 1000

cacheContract('memory', async () => {
  const cache = openMemoryCache({ clock })
  return {
    cache,
    other: cache,
    async pass(ms) {
      nowMs += ms
    },
    remove: async () => undefined,
  }
})

test('of too many entries those unused for longest go', async () => {
  const cache = openMemoryCache({ clock, maxEntries: 3 })
  for (const key of ['a', 'b', 'c']) await cache.set(key, key, { ttlMs })
  await cache.get(['a'])
  await cache.set('d', 'd', { ttlMs })
  expect(await cache.get(['a', 'b', 'c', 'd'])).toEqual(['a', undefined, 'c', 'd'])
})

test('entries never take more bytes than allowed, and one that could never fit is refused and replaces nothing', async () => {
  const cache = openMemoryCache({ clock, maxBytes: 10_000 })
  const value = 'x'.repeat(2000)
  for (const key of ['a', 'b', 'c']) expect(await cache.set(key, value, { ttlMs })).toBe(true)
  expect((await cache.get(['a', 'b', 'c'])).map((each) => each?.length)).toEqual([undefined, 2000, 2000])
  expect(await cache.set('d', 'x'.repeat(6000), { ttlMs })).toBe(false)
  expect((await cache.get(['b', 'c'])).map((each) => each?.length)).toEqual([2000, 2000])
  await cache.delete(['b', 'c'])
  for (const key of ['e', 'f']) await cache.set(key, value, { ttlMs })
  expect((await cache.get(['e', 'f'])).map((each) => each?.length)).toEqual([2000, 2000])
})

test('two caches of two processes are two memories', () => {
  expect(openMemoryCache({ clock }).memory()).not.toBe(openMemoryCache({ clock }).memory())
})
