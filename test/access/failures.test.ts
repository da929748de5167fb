import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { noCache } from '../../src/adapters/cache/none.ts'
import { openRedisCache } from '../../src/adapters/cache/redis.ts'
import { consentsApi } from '../../src/api/consents.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { countFailures } from '../../src/http/count-failures.ts'
import { makeGate } from '../../src/http/gate.ts'
import { consentsHandlers } from '../../src/http/handlers/consents.ts'
import { makeServer } from '../../src/http/server.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Cache } from '../../src/ports/cache.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startRedis } from '../engines/redis.ts'
import { openWorld, seedUsers } from './world.ts'

const LIMIT = 5

let world: ReturnType<typeof openWorld>
let reads = 0
let ada: string
beforeEach(async () => {
  world = openWorld()
  await seedUsers(world, 'ada')
  ada = (await makeKey(world, { kind: 'person', userId: 'ada' })).text
  reads = 0
})
afterEach(() => world.documents.close())

function served(proxies?: readonly string[], cache: Pick<Cache, 'increment'> = world.cache) {
  const get = <T>(path: string) => {
    reads += 1
    return world.documents.get<T>(path)
  }
  const documents = { ...world.documents, get }
  const gate = makeGate({ ...world, documents }, { failures: countFailures({ ...world, cache }, LIMIT) })
  return makeServer({ api: consentsApi, handlers: consentsHandlers, deps: world, gate, ...(proxies && { proxies }) })
}

let guesses = 0
/** No two are the same. */
function guess(): string {
  guesses += 1
  return `clk_${'0'.repeat(32)}_${String(guesses).padStart(43, 'A')}`
}

interface Asked {
  readonly from?: string
  readonly forwarded?: string
}

async function ask(server: ReturnType<typeof served>, credential: string | undefined, { from = '203.0.113.7', forwarded }: Asked = {}) {
  const headers = {
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
    ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
  }
  const reply = await server.inject({ method: 'GET', url: '/v1/users/ada/consents', headers, remoteAddress: from })
  return { status: reply.statusCode, retryAfter: reply.headers['retry-after'], code: reply.json().code }
}

async function guessUntilRefused(server: ReturnType<typeof served>, asked: Asked = {}): Promise<void> {
  for (let n = 0; n < LIMIT; n += 1) expect(await ask(server, guess(), asked)).toMatchObject({ status: 401 })
  expect(await ask(server, guess(), asked)).toMatchObject({ status: 429 })
}

test.each([
  ['in the memory that processes share', () => world.cache],
  ['alone, where that does not answer', () => noCache],
])('whoever guesses too often is refused before anything is looked up, until the minute is over: counted %s', async (_, open) => {
  const server = served([], open())
  await guessUntilRefused(server)
  reads = 0
  world.time.nowMs += 15_000
  expect(await ask(server, guess())).toEqual({ status: 429, retryAfter: '45', code: 'rate_limited' })
  expect(reads).toBe(0)
  world.time.nowMs += 45_000
  expect(await ask(server, guess())).toMatchObject({ status: 401 })
})

test('many guesses at once are many', async () => {
  const server = served()
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(server, guess())))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(LIMIT)
  expect(reads).toBe(LIMIT)
})

test('what one process counted the others know from their next', async () => {
  const [one, other] = [served(), served()]
  await guessUntilRefused(one)
  world.time.nowMs += 20_000
  expect(await ask(other, guess())).toMatchObject({ status: 401 })
  reads = 0
  expect(await ask(other, guess())).toEqual({ status: 429, retryAfter: '40', code: 'rate_limited' })
  expect(reads).toBe(0)
  world.time.nowMs += 40_000
  for (const server of [one, other]) expect(await ask(server, guess())).toMatchObject({ status: 401 })
})

describeEngine('failures on Redis', await startRedis({ own: true }), (redis) => {
  afterAll(() => redis.stop())

  test('two processes count together, and each for itself while Redis is gone', async () => {
    await using first = await openRedisCache(redis.url)
    await using second = await openRedisCache(redis.url)
    const [one, other] = [served([], first), served([], second)]
    await guessUntilRefused(one)
    expect(await ask(other, guess())).toMatchObject({ status: 401 })
    expect(await ask(other, guess())).toMatchObject({ status: 429 })
    await redis.kill()
    const elsewhere = { from: '203.0.113.99' }
    for (const server of [one, other]) await guessUntilRefused(server, elsewhere)
  })
})

test('who comes from elsewhere, or was let in before, goes on; one of the same address that is new waits', async () => {
  const server = served()
  expect(await ask(server, ada)).toMatchObject({ status: 200 })
  await guessUntilRefused(server)
  world.time.nowMs += 10_000
  expect(await ask(server, ada)).toMatchObject({ status: 200 })
  expect(await ask(server, guess(), { from: '203.0.113.8' })).toMatchObject({ status: 401 })
  const { text } = await makeKey(world, { kind: 'person', userId: 'ada' })
  expect(await ask(server, text)).toMatchObject({ status: 429 })
  expect(await ask(server, text, { from: '203.0.113.8' })).toMatchObject({ status: 200 })
})

test('what is valid, or not said at all, is never counted', async () => {
  const server = served()
  for (let n = 0; n < 3 * LIMIT; n += 1) {
    const { text } = await makeKey(world, { kind: 'person', userId: 'ada' })
    expect(await ask(server, text)).toMatchObject({ status: 200 })
    expect(await ask(server, undefined)).toMatchObject({ status: 401 })
  }
  expect(await ask(server, guess())).toMatchObject({ status: 401 })
})

test('a store that does not answer is nobody’s failure', async () => {
  const failures = countFailures(world, 1)
  for (let n = 0; n < 5; n += 1)
    await expect(failures('203.0.113.7', () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')
})

test('F123: what X-Forwarded-For says is believed of the proxies that are named, and of nobody else', async () => {
  const open = served()
  await guessUntilRefused(open)
  expect(await ask(open, guess(), { forwarded: '198.51.100.1' })).toMatchObject({ status: 429 })

  const behind = served(['10.0.0.0/8'])
  const one = { from: '10.1.2.3', forwarded: '198.51.100.1' }
  await guessUntilRefused(behind, one)
  expect(await ask(behind, guess(), { ...one, forwarded: '198.51.100.2' })).toMatchObject({ status: 401 })
  // What a client says itself stands before what the proxy adds.
  expect(await ask(behind, guess(), { ...one, forwarded: '192.0.2.9, 198.51.100.1' })).toMatchObject({ status: 429 })
})

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['::1', '::2', true],
  ['fe80::1%eth0', 'fe80::2%eth0', true],
  ['::ffff:203.0.113.7', '203.0.113.7', true],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.8', false],
])('%s and %s count as one: %s', async (one, other, together) => {
  const server = served()
  await guessUntilRefused(server, { from: one })
  expect((await ask(server, guess(), { from: other })).status).toBe(together ? 429 : 401)
})

test('of more addresses than are held the first is forgotten, and the memory stays', async () => {
  const failures = countFailures({ ...world, cache: noCache }, 1)
  const addresses = Array.from({ length: 10_001 }, (_, n) => `10.0.${n >> 8}.${n & 255}`)
  for (const address of addresses)
    await expect(failures(address, () => Promise.reject(new Problem('unauthorized', 'None.')))).rejects.toMatchObject({
      code: 'unauthorized',
    })
  expect(await failures('10.0.0.0', async () => 'let in')).toBe('let in')
  await expect(failures('10.0.39.16', async () => 'let in')).rejects.toMatchObject({ code: 'rate_limited' })
})
