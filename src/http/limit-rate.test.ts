import { beforeEach, expect, test } from 'vitest'
import { openMemoryCache } from '../adapters/cache/memory.ts'
import type { Endpoint } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import { classOf, limitRate } from './limit-rate.ts'

const limits = { read: 2, write: 1, ingest: 3, costly: 1, failed: 1 }
const read = { method: 'get', scope: 'sessions:read', audit: 'read' } as Endpoint
const ingest = { method: 'post', scope: 'sessions:write', audit: 'write' } as Endpoint

let nowMs = 0
beforeEach(() => {
  nowMs = 1_000_000
})
const timer = { elapsedMs: () => nowMs }
const shared = () => openMemoryCache({ clock: { nowMs: () => nowMs } })
const silent = { increment: async () => undefined }

const call = (credential: string, kind = 'person') => ({ kind, credential }) as Principal

test.each([
  ['in the memory that processes share', shared],
  ['alone, where that does not answer', () => silent],
])('calls are counted %s', async (_, open) => {
  const limit = limitRate({ cache: open(), timer }, limits)
  expect(await limit(call('k1'), read)).toEqual({
    'ratelimit-policy': '"read";q=2;w=60',
    ratelimit: '"read";r=1;t=60',
  })
  nowMs += 15_000
  expect(await limit(call('k1'), read)).toMatchObject({ ratelimit: '"read";r=0;t=45' })
  await expect(limit(call('k1'), read)).rejects.toMatchObject({
    code: 'rate_limited',
    headers: { 'retry-after': '45', ratelimit: '"read";r=0;t=45' },
  })
  nowMs += 45_000
  expect(await limit(call('k1'), read)).toMatchObject({ ratelimit: '"read";r=1;t=60' })
})

test('what one credential does, or in one class, is not counted against another', async () => {
  const limit = limitRate({ cache: shared(), timer }, limits)
  for (let calls = 0; calls < 2; calls += 1) await limit(call('k1'), read)
  await expect(limit(call('k1'), read)).rejects.toMatchObject({ code: 'rate_limited' })
  expect(await limit(call('k2'), read)).toMatchObject({ ratelimit: '"read";r=1;t=60' })
  expect(await limit(call('k1'), ingest)).toMatchObject({ ratelimit: '"ingest";r=2;t=60' })
})

test('two processes count together', async () => {
  const cache = shared()
  const [here, there] = [limitRate({ cache, timer }, limits), limitRate({ cache, timer }, limits)]
  await here(call('k1'), read)
  await there(call('k1'), read)
  await expect(here(call('k1'), read)).rejects.toMatchObject({ code: 'rate_limited' })
})

test('a service speaks for many', async () => {
  const limit = limitRate({ cache: shared(), timer }, limits)
  expect(await limit(call('k1', 'service'), read)).toMatchObject({ ratelimit: '"read";r=1999;t=60' })
})

test('each endpoint has a class', () => {
  expect(classOf(read)).toBe('read')
  expect(classOf(ingest)).toBe('ingest')
  expect(classOf({ ...ingest, scope: 'profile:write' })).toBe('write')
  expect(classOf({ ...ingest, scope: 'exports:write' })).toBe('costly')
})
