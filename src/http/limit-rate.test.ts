import { beforeEach, expect, test } from 'vitest'
import { openMemoryCache } from '../adapters/cache/memory.ts'
import type { Endpoint } from '../api/endpoint.ts'
import type { Call } from './call.ts'
import { classOf, limitRate } from './limit-rate.ts'

const limits = { read: 2, write: 1, ingest: 3, costly: 1 }
const read = { method: 'get', scope: 'sessions:read', audit: 'read' } as Endpoint
const ingest = { method: 'post', scope: 'sessions:write', audit: 'write' } as Endpoint

let nowMs = 0
beforeEach(() => {
  nowMs = 1_000_000
})
const timer = { elapsedMs: () => nowMs }
const shared = () => openMemoryCache({ clock: { nowMs: () => nowMs } })
const silent = { increment: async () => undefined }

function call(credential: string, kind = 'person') {
  return { principal: { kind, credential } } as Call<Endpoint>
}
const next = async () => ({ headers: { other: 'x' } })

test.each([
  ['in the memory that processes share', shared],
  ['alone, where that does not answer', () => silent],
])('calls are counted %s', async (_, open) => {
  const layer = limitRate({ cache: open(), timer }, limits)
  expect(await layer(call('k1'), read, next)).toEqual({
    headers: { other: 'x', 'ratelimit-policy': '"read";q=2;w=60', ratelimit: '"read";r=1;t=60' },
  })
  nowMs += 15_000
  expect(await layer(call('k1'), read, next)).toMatchObject({ headers: { ratelimit: '"read";r=0;t=45' } })
  await expect(layer(call('k1'), read, next)).rejects.toMatchObject({
    code: 'rate_limited',
    headers: { 'retry-after': '45', ratelimit: '"read";r=0;t=45' },
  })
  nowMs += 45_000
  expect(await layer(call('k1'), read, next)).toMatchObject({ headers: { ratelimit: '"read";r=1;t=60' } })
})

test('what one credential does, or in one class, is not counted against another', async () => {
  const layer = limitRate({ cache: shared(), timer }, limits)
  for (let calls = 0; calls < 2; calls += 1) await layer(call('k1'), read, next)
  await expect(layer(call('k1'), read, next)).rejects.toMatchObject({ code: 'rate_limited' })
  expect(await layer(call('k2'), read, next)).toMatchObject({ headers: { ratelimit: '"read";r=1;t=60' } })
  expect(await layer(call('k1'), ingest, next)).toMatchObject({ headers: { ratelimit: '"ingest";r=2;t=60' } })
})

test('two processes count together', async () => {
  const cache = shared()
  const [here, there] = [limitRate({ cache, timer }, limits), limitRate({ cache, timer }, limits)]
  await here(call('k1'), read, next)
  await there(call('k1'), read, next)
  await expect(here(call('k1'), read, next)).rejects.toMatchObject({ code: 'rate_limited' })
})

test('a refused call is not made', async () => {
  const layer = limitRate({ cache: shared(), timer }, { ...limits, read: 1 })
  let made = 0
  const count = async () => {
    made += 1
    return {}
  }
  await layer(call('k1'), read, count)
  await expect(layer(call('k1'), read, count)).rejects.toMatchObject({ code: 'rate_limited' })
  expect(made).toBe(1)
})

test('a service speaks for many', async () => {
  const layer = limitRate({ cache: shared(), timer }, limits)
  expect(await layer(call('k1', 'service'), read, next)).toMatchObject({ headers: { ratelimit: '"read";r=1999;t=60' } })
})

test('each endpoint has a class', () => {
  expect(classOf(read)).toBe('read')
  expect(classOf(ingest)).toBe('ingest')
  expect(classOf({ ...ingest, scope: 'profile:write' })).toBe('write')
  expect(classOf({ ...ingest, scope: 'exports:write' })).toBe('costly')
})
