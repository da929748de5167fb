import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { openHouse } from '../../src/app/house.ts'
import { addressOf } from '../../src/client/address.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { principalKinds, scopesOf } from '../../src/model/principal.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/** Values that stand nowhere by chance: measured ones, and words that a person would write of themselves. */
const canaries = ['173.4519', '231.7713', '-7.1193', 'kanarienvogel', '4711.0815']
const [rate, beyond, below, word, steps] = canaries
const endpoints = Object.entries(api as Api).filter(([, { reply }]) => reply.type !== 'events')

let data = ''
let server: ServerProcess
const keys: string[] = []
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'clarity-canary-'))
  {
    await using house = await openHouse({ data })
    await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'Europe/Berlin') }])
    for (const kind of principalKinds.filter((each) => each === 'service' || each === 'operator'))
      keys.push((await makeKey(house, { kind, scopes: scopesOf[kind] })).text)
  }
  server = await startServer({ data, env: { CLARITY_RATE_LIMITS: 'off' } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(data, { recursive: true })
})

const at = (second: number) => `"2026-03-02T10:00:${String(second).padStart(2, '0')}Z"`
const sample = (second: number, value: string | undefined) => `{"timestamp":${at(second)},"value":${value},"source":"${word}"}`
const session = `{"sessionInfo":{"sessionId":"s1","startTime":${at(0)},"endTime":${at(59)},"dataSource":"${word}","dataTypes":["heart_rate"]},
  "heartRate":{"samples":[${sample(1, rate)},${sample(2, beyond)},${sample(3, below)}]},"activity":{"steps":${steps}},"note":"${word}"}`

/** What may be wrong with a body, each with the canaries in it. */
const bodies = [
  session,
  session.slice(0, session.indexOf(`${below}`) + 4),
  session.replaceAll('"value":', '"value" '),
  session.replace(`${rate}`, `"${rate}"`),
  session.replaceAll('heart_rate', `${word}`),
  `${session.replaceAll('\n', '')}\n${session.replaceAll('\n', '').replace('"s1"', '"s2"')}\n${session.slice(0, 300)}`,
  `{"profile":{"email":"${word}","displayName":"${word}","timezone":"${word}"},"healthProfile":{"height":"${rate}","weight":${steps},"medications":"${word}"}}`,
  `{"healthProfile":{"height":${steps},"weight":${below},"chronicConditions":["${word}"]},"userId":"bob"}`,
  `["${word}",${rate}]`,
  `"${word}"`,
  `${steps}`,
]

async function ask(endpoint: Endpoint, key: string, more: Asked): Promise<Response> {
  const ids = { userId: 'ada', sessionId: 's1', date: '2026-03-02', type: 'daily' }
  const params = Object.fromEntries([...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, { ...ids }[name] ?? 'x1']))
  return fetch(server.url + addressOf(endpoint.path, params) + (more.query ?? ''), {
    method: endpoint.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': more.type ?? 'application/json',
      ...(endpoint.versioned !== undefined && endpoint.method !== 'get' && { 'if-match': '"1"' }),
      ...(endpoint.method === 'post' && { 'idempotency-key': crypto.randomUUID() }),
      ...(more.strict && { prefer: 'handling=strict' }),
    },
    ...(more.body !== undefined && endpoint.method !== 'get' && { body: more.body }),
  })
}

interface Asked {
  readonly body?: string
  readonly type?: string
  readonly query?: string
  readonly strict?: boolean
}

/** Each parameter, and each body in each manner, with a canary. */
function asksOf({ query, body: taken }: Endpoint): Asked[] {
  const queries = Object.keys(query?.shape ?? {}).map((name) => ({ query: `?${name}=${word}` }))
  if (taken === undefined) return [{}, ...queries]
  const lines = (body: string) => (taken.type === 'samples' ? [{ body, type: 'application/x-ndjson' }] : [])
  return [...queries, ...bodies.flatMap((body) => [{ body }, { body, strict: true }, ...lines(body)])]
}

async function refusalsOf(endpoint: Endpoint): Promise<string[]> {
  const refusals: string[] = []
  for (const asked of keys.flatMap((key) => asksOf(endpoint).map((more) => ({ key, more })))) {
    const response = await ask(endpoint, asked.key, asked.more)
    const text = await response.text()
    if (response.status >= 400) refusals.push(text)
  }
  return refusals
}

test.each(endpoints)('%s refuses without repeating a value', async (_, endpoint) => {
  const refusals = await refusalsOf(endpoint)
  for (const refusal of refusals) for (const canary of canaries) expect(refusal).not.toContain(canary)
})

test('after all of that neither the log nor the metrics hold a value, and no fault was met', async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  await server.end()
  for (const canary of canaries) expect(server.log() + metrics).not.toContain(canary)
  expect(
    server
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":"error"')),
  ).toEqual([])
  expect(server.log().split('\n').length).toBeGreaterThan(endpoints.length)
})
