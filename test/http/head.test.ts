import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { handlers } from '../../src/http/handlers.ts'
import { defaultRateLimits, limitRate } from '../../src/http/limit-rate.ts'
import { makeMetrics } from '../../src/http/metrics.ts'
import { addOperation } from '../../src/http/operation.ts'
import { makeServer } from '../../src/http/server.ts'
import { type Principal, scopes } from '../../src/model/principal.ts'
import { Problem } from '../../src/model/problem.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { seedDocuments } from './seed-documents.ts'

const house = await temporaryHouse()
const all: Principal = { kind: 'service', scopes, credential: 'all' }
const server = makeServer({
  api,
  handlers,
  deps: house,
  limit: limitRate(house, defaultRateLimits),
  gate: {
    async authenticate(said) {
      if (said === undefined) throw new Problem('unauthorized', 'No credential.')
      return all
    },
    mayByGrant: async () => false,
  },
})
addOperation(server, {
  unready: async () => undefined,
  metrics: makeMetrics({ inFlight: () => 0, delayMs: () => 0, jobsByStatus: async () => ({}) }),
  openapi: '{}',
  reference: '<html></html>',
})
beforeAll(async () => {
  await imported(house, sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1000)])), 'UTC')
  await seedDocuments(house)
})
afterAll(async () => {
  await server.close()
  await house[Symbol.asyncDispose]()
})

const table: Readonly<Record<string, Endpoint>> = api satisfies Api
const named: Readonly<Record<string, string>> = {
  userId: 'robin',
  date: '2024-06-12',
  type: 'daily',
  jobId: 'j1',
  webhookId: 'w1',
  deliveryId: 'd1',
  name: 'm1',
  version: '1.0.1',
}
const addressOf = ({ path }: Endpoint) => path.replaceAll(/\{(\w+)\}/g, (_, name) => named[name] ?? 'absent')
const gets = Object.entries(table).filter(([, { method }]) => method === 'get')
const streams = gets.filter(([, { reply }]) => reply.type === 'events')
const plain = gets.filter(([, { reply }]) => reply.type !== 'events')
const operation = ['/healthz', '/readyz', '/v1/openapi.json', '/docs'] as const
/** Of one call only, or counted by it. */
const ofEach = ['date', 'x-request-id', 'ratelimit', 'connection', 'keep-alive', 'transfer-encoding']

async function ask(method: 'GET' | 'HEAD', url: string, more: Readonly<Record<string, string>> = {}) {
  const reply = await server.inject({ method, url, headers: { authorization: 'Bearer x', ...more } })
  const headers = Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !ofEach.includes(name)))
  return { status: reply.statusCode, headers, body: reply.body }
}

test.each([...plain.map(([, endpoint]) => addressOf(endpoint)), ...operation])(
  'HEAD %s answers as GET does, without the body',
  async (url) => {
    const got = await ask('GET', url)
    const head = await ask('HEAD', url)
    const length = head.headers['content-length']
    // A problem has the id of its call in it.
    expect(head).toEqual({ ...got, headers: { ...got.headers, 'content-length': length }, body: '' })
    expect(Number(length)).toBe(Buffer.byteLength(got.body))
  },
)

test.each(streams.map(([, endpoint]) => addressOf(endpoint)))('HEAD %s says that there are events, and ends', async (url) => {
  const head = await ask('HEAD', url)
  expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' })
})

test('most of these addresses have something there', async () => {
  const statuses = await Promise.all(plain.map(async ([, endpoint]) => (await ask('HEAD', addressOf(endpoint))).status))
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(20)
})

test('HEAD with the version that one has is 304', async () => {
  const { headers } = await ask('HEAD', '/v1/users/robin')
  expect(await ask('HEAD', '/v1/users/robin', { 'if-none-match': String(headers.etag) })).toMatchObject({ status: 304, body: '' })
})

test('an address says that it takes HEAD where it takes GET', async () => {
  const reply = await server.inject({ method: 'POST', url: '/v1/users/robin/days', headers: { authorization: 'Bearer x' } })
  expect([reply.statusCode, reply.headers.allow]).toEqual([405, 'GET, HEAD'])
})

const calls = Object.entries(table).filter(([, { reply }]) => reply.type !== 'events')

test.each(calls)(
  'C18: %s says in headers how much is left and that it is for nobody to keep, whatever becomes of the call',
  async (_, endpoint) => {
    const method = endpoint.method.toUpperCase() as 'GET'
    for (const url of [addressOf(endpoint), `${addressOf(endpoint)}?unknown=1`]) {
      const { headers } = await server.inject({ method, url, headers: { authorization: 'Bearer x' } })
      expect(headers['ratelimit-policy']).toMatch(/^"[a-z]+";q=\d+;w=60$/)
      expect(headers.ratelimit).toMatch(/^"[a-z]+";r=\d+;t=\d+$/)
      // For no cache and no page of elsewhere, and nothing that a browser would send along.
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      expect(Object.keys(headers).filter((name) => /^(?:access-control-|set-cookie|server$|x-powered-by)/.test(name))).toEqual([])
    }
    const { statusCode, headers } = await server.inject({ method, url: addressOf(endpoint) })
    expect([statusCode, headers.ratelimit]).toEqual([401, undefined])
  },
)
