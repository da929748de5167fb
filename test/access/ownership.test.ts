import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newJob } from '../../src/flows/queue-job.ts'
import { makeGate } from '../../src/http/gate.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { placeOf } from '../../src/model/collections.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { START_MS, seedUsers } from './world.ts'

/** What stands at an address without its owner's id: whose it is only the handler can know. Real handlers over a real store. */
const at = new Date(START_MS).toISOString()
const belongings: Readonly<Record<string, (userId: string, id: string) => Write[]>> = {
  // One that is over: what follows a job ends with it.
  jobId: (userId, jobId) => [
    put(`jobs/${jobId}`, {
      ...newJob({ jobId, type: 'health_analysis', userId, input: {}, nowMs: START_MS }),
      status: 'cancelled',
      completedAt: at,
    }),
  ],
  webhookId: (userId, webhookId) => [
    put(`webhooks/${webhookId}`, {
      webhookId,
      audience: userId,
      userId,
      url: 'https://hooks.example.com/',
      secret: 'whsec_AAAA',
      status: 'active',
      createdAt: at,
    }),
    put(`webhooks/${webhookId}/deliveries/object`, {
      deliveryId: 'object',
      webhookId,
      userId,
      status: 'failed',
      createdAt: at,
      nextAt: at,
      attempts: [],
      tries: 0,
      at,
      changes: [],
    }),
  ],
}
/** Known under its owner's, what belongs to nobody, and whom operators alone name. */
const others = ['userId', 'personId', 'deliveryId', 'keyId', 'name', 'version', 'deploymentId', 'evaluationId', 'erasureId']

function put(path: string, body: object): Write {
  return { op: 'put', path, body }
}

const table: Readonly<Record<string, Endpoint>> = api satisfies Api
const routes = Object.entries(table)
const paramsOf = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
const owned = routes.flatMap(([name, endpoint]) =>
  paramsOf(endpoint.path).flatMap((param) => (belongings[param] === undefined ? [] : [[name, param, endpoint] as const])),
)

const folder = mkdtempSync(join(tmpdir(), 'clarity-access-'))
let house: House
let server: ReturnType<typeof makeServer>
const keys: Record<string, string> = {}

beforeAll(async () => {
  house = await openHouse({ data: folder, warehouse: 'none' })
  const deps = { ...house, documents: noting(house.documents), timer: { ...house.timer, elapsedMs: () => 0 } }
  server = makeServer({ api, handlers, deps, gate: makeGate(deps) })
  await seedUsers(house, 'ada', 'bob')
  for (const userId of ['ada', 'bob']) keys[userId] = (await makeKey(house, { kind: 'person', userId })).text
  keys.service = (await makeKey(house, { kind: 'service' })).text
  // From here on each is known, and not looked up.
  for (const who of ['ada', 'bob', 'service']) await ask(who, api.getUser, '/v1/users/absent')
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** What the store was asked, collection by collection. */
const work: string[] = []

function noting(documents: Documents): Documents {
  const note = (what: string, path: string) => work.push(`${what} ${placeOf(path).collection}`)
  return {
    ...documents,
    get(path) {
      note('get', path)
      return documents.get(path)
    },
    list(query) {
      work.push(`list ${query.collection}`)
      return documents.list(query)
    },
    batch(writes) {
      for (const { op, path } of writes) note(op, path)
      return documents.batch(writes)
    },
  }
}

/** No answer is other than the next in these. */
const ofEach = ['date', 'x-request-id', 'content-length']

let calls = 0
async function ask(who: string, endpoint: Endpoint, url: string) {
  calls += 1
  const body = endpoint.examples?.body
  work.length = 0
  const reply = await server.inject({
    method: endpoint.method.toUpperCase() as 'GET',
    url,
    headers: {
      authorization: `Bearer ${keys[who]}`,
      ...(endpoint.method === 'post' && { 'idempotency-key': `call-${calls}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  })
  const isJson = String(reply.headers['content-type']).includes('json')
  const { requestId: _, ...said } = isJson ? reply.json() : {}
  const headers = Object.entries(reply.headers).filter(([name]) => !ofEach.includes(name))
  return { status: reply.statusCode, said, headers: Object.fromEntries(headers), work: [...work] }
}

test('every route whose address names a thing, and not whose, is in this test', () => {
  for (const [name, { path }] of routes) {
    const params = paramsOf(path)
    if (!params.includes('userId')) for (const param of params) expect([...Object.keys(belongings), ...others], name).toContain(param)
  }
})

test.each(owned)('%s is there for its owner and their service, and for nobody else (%s)', async (_, param, endpoint) => {
  const address = (id: string) => endpoint.path.replace(`{${param}}`, id).replaceAll(/\{\w+\}/g, 'object')
  const absent = await ask('bob', endpoint, address('absent'))
  expect(absent.said.code).toMatch(/^(?:not_found|forbidden)$/)
  for (const [who, mine] of [
    ['ada', true],
    ['bob', false],
    ['service', true],
  ] as const) {
    await house.documents.batch(belongings[param]?.('ada', 'thing') ?? [])
    const answer = await ask(who, endpoint, address('thing'))
    if (absent.said.code === 'forbidden') expect(answer.status, who).toBe(403)
    else if (mine) expect([401, 403, 404], `${who}: ${answer.said.code}`).not.toContain(answer.status)
    else expect(answer, who).toEqual(absent)
  }
})

test.each(routes.filter(([, { path }]) => path.startsWith('/v1/users/{userId}')))(
  '%s says and does the same, by headers and by what the store is asked, for who is there and for who is not',
  async (_, endpoint) => {
    const address = (userId: string) => endpoint.path.replace('{userId}', userId).replaceAll(/\{\w+\}/g, 'object')
    const absent = await ask('bob', endpoint, address('absent'))
    expect([403, 404]).toContain(absent.status)
    expect(await ask('bob', endpoint, address('ada'))).toEqual(absent)
  },
)

const below = routes.filter(
  ([, { path, method, reply }]) =>
    path.startsWith('/v1/users/{userId}/') && paramsOf(path).length > 1 && ['get', 'delete'].includes(method) && reply.type === 'json',
)

test.each(below)('%s does not find what is another’s under one’s own address', async (_, endpoint) => {
  const ids: Readonly<Record<string, string>> = { date: '2026-01-20', type: 'daily' }
  const address = (id: string) => endpoint.path.replace('{userId}', 'bob').replaceAll(/\{(\w+)\}/g, (_match, name) => ids[name] ?? id)
  const absent = await ask('bob', endpoint, address('absent'))
  expect(absent.status).toBe(404)
  const body = { userId: 'ada', date: '2026-01-20', type: 'daily', localDate: '2026-01-20', createdAt: at }
  await house.documents.batch([
    put('users/ada/days/2026-01-20', body),
    put('users/ada/insights/insight_20260120_daily', body),
    ...['healthSessions', 'imports', 'permissions', 'consents'].map((collection) => put(`users/ada/${collection}/thing`, body)),
  ])
  expect(await ask('bob', endpoint, address('thing'))).toEqual(absent)
})
