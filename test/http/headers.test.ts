import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { handlers } from '../../src/http/handlers.ts'
import { temporaryHouse } from '../golden/people.ts'
import { type Asked, asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'

const house = await temporaryHouse()
const ask = asking({ api, handlers, deps: house }, house)
beforeAll(() => house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }]))
afterAll(() => house[Symbol.asyncDispose]())

const path = '/v1/users/ada/sessions'
const jumping = (id: string) => {
  const body = sessionBody(id, 2)
  Object.assign(body.heartRate.samples[1] ?? {}, { value: 190 })
  return { body }
}
const packed = (pack: (bytes: string) => Buffer, id: string) => ({ payload: pack(JSON.stringify(sessionBody(id))) })
const preferences = { body: { notificationSettings: { reminders: true } } }
const answered = async (what: string, asked: Asked, headers: Record<string, string>) => {
  const { status, body } = await ask('ada', what, { ...asked, headers: { ...asked.headers, ...headers } })
  return [status, body?.code ?? body?.status]
}

// Idempotency-Key: idempotency.test.ts; Last-Event-ID: ../live/feed.test.ts.
test.each<[string, string, Asked, Record<string, string>, unknown[], unknown[]]>([
  ['Prefer', `POST ${path}`, jumping('p'), { prefer: 'handling=strict' }, [422, 'hr_jump'], [201, 'created']],
  ['If-Match', 'PUT /v1/users/ada/preferences', preferences, { 'if-match': '"9"' }, [412, 'precondition_failed'], [200, undefined]],
  ['If-None-Match', `GET ${path}/p`, {}, { 'if-none-match': '"1"' }, [304, undefined], [200, undefined]],
  ['If-None-Match', `GET ${path}/p`, {}, { 'if-none-match': '"7", W/"1"' }, [304, undefined], [200, undefined]],
  ['If-None-Match', `GET ${path}/p`, {}, { 'if-none-match': '*' }, [304, undefined], [200, undefined]],
  ['Accept', `GET ${path}`, {}, { accept: 'text/html' }, [406, 'not_acceptable'], [200, undefined]],
  ['Content-Encoding', `POST ${path}`, packed(gzipSync, 'g'), { 'content-encoding': 'gzip' }, [201, 'created'], [400, 'invalid_utf8']],
  [
    'Content-Encoding',
    `POST ${path}`,
    packed(zstdCompressSync, 'z'),
    { 'content-encoding': 'zstd' },
    [201, 'created'],
    [400, 'invalid_utf8'],
  ],
])('the header %s of %s has an effect', async (_, what, asked, headers, withIt, without) => {
  expect(await answered(what, asked, headers)).toEqual(withIt)
  expect(await answered(what, asked, {})).toEqual(without)
})

const endpoints: readonly (readonly [string, Endpoint])[] = (Object.entries(api) as unknown as [string, Endpoint][]).filter(
  ([, { scope }]) => scope !== 'sign-in:use',
)
const at = (endpoint: Endpoint) => {
  const params: Record<string, string> = { userId: 'ada', date: '2024-01-20', type: 'daily', version: '1.0.0' }
  return `${endpoint.method.toUpperCase()} ${endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'x')}`
}
const unversioned = endpoints.filter(([, { versioned, reply }]) => versioned !== 'may' && versioned !== 'must' && reply.type === 'json')
const changing = endpoints.filter(([, { method }]) => method !== 'get')

const notMade = endpoints.filter(([, { method }]) => method !== 'post')

test.each([
  ...unversioned.map(([name, endpoint]) => [name, 'if-match', endpoint] as const),
  ...changing.map(([name, endpoint]) => [name, 'if-none-match', endpoint] as const),
  ...notMade.map(([name, endpoint]) => [name, 'idempotency-key', endpoint] as const),
])('%s: a header that would be overlooked (%s) is refused', async (_, header, endpoint) => {
  for (const who of ['ada', 'operator:', 'service:', 'auditor:', 'device:ada', 'researcher:']) {
    const reply = await ask(who, at(endpoint), { body: endpoint.method === 'get' ? undefined : {}, headers: { [header]: '"1"' } })
    if (reply.status !== 403) return expect(reply.body).toMatchObject({ status: 400, code: 'bad_header' })
  }
  throw new Error('Nobody may ask this')
})
