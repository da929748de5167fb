import { afterEach, beforeEach, expect, test } from 'vitest'
import { consentsApi } from '../../src/api/consents.ts'
import { keysApi } from '../../src/api/keys.ts'
import { permissionsApi } from '../../src/api/permissions.ts'
import { signInApi } from '../../src/api/sign-in.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { makeSignInLink } from '../../src/flows/sign-in.ts'
import { makeGate } from '../../src/http/gate.ts'
import { consentsHandlers } from '../../src/http/handlers/consents.ts'
import { keysHandlers } from '../../src/http/handlers/keys.ts'
import { permissionsHandlers } from '../../src/http/handlers/permissions.ts'
import { signInHandlers } from '../../src/http/handlers/sign-in.ts'
import { makeServer } from '../../src/http/server.ts'
import { scopesOf } from '../../src/model/principal.ts'
import { openWorld, START_MS, seedUsers } from './world.ts'

let world: ReturnType<typeof openWorld>
let server: ReturnType<typeof makeServer>
let ada: string
beforeEach(async () => {
  world = openWorld()
  await seedUsers(world, 'ada', 'bob')
  server = makeServer({
    api: { ...consentsApi, ...keysApi, ...permissionsApi, ...signInApi },
    handlers: { ...consentsHandlers, ...keysHandlers, ...permissionsHandlers, ...signInHandlers },
    deps: world,
    gate: makeGate(world),
  })
  ada = (await makeKey(world, { kind: 'person', userId: 'ada' })).text
})
afterEach(() => world.documents.close())

let calls = 0
async function ask(key: string, method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, idempotencyKey?: string) {
  calls += 1
  const headers = {
    authorization: `Bearer ${key}`,
    ...(method === 'POST' && { 'idempotency-key': idempotencyKey ?? `call-${calls}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const reply = await server.inject({ method, url, headers, ...(body !== undefined && { payload: JSON.stringify(body) }) })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
}

const consents = '/v1/users/ada/consents'
const permissions = '/v1/users/ada/permissions'
const sharing = { purpose: 'dataSharing', given: true, textVersion: '2026-11' }

test('a consent is kept as a receipt, once for one Idempotency-Key, and listed with the newest first', async () => {
  const first = await ask(ada, 'POST', consents, sharing, 'once')
  expect(first).toMatchObject({ status: 201, body: { userId: 'ada', ...sharing, givenAt: '2026-11-25T12:00:00.000000Z' } })
  expect(await ask(ada, 'POST', consents, sharing, 'once')).toEqual(first)
  world.time.nowMs += 1000
  const withdrawn = await ask(ada, 'POST', consents, { ...sharing, given: false })
  expect((await ask(ada, 'GET', consents)).body).toEqual({ data: [withdrawn.body, first.body] })
})

test('a list of consents goes on where its page ended, and only that list', async () => {
  for (let count = 0; count < 3; count += 1) await ask(ada, 'POST', consents, sharing)
  const page = (await ask(ada, 'GET', `${consents}?limit=2`)).body
  expect(page.data).toHaveLength(2)
  expect((await ask(ada, 'GET', `${consents}?cursor=${page.nextCursor}`)).body.data).toHaveLength(1)
  expect(await ask(ada, 'GET', `${permissions}?cursor=${page.nextCursor}`)).toMatchObject({ status: 400, body: { code: 'bad_cursor' } })
})

test('a permission is given, seen and ended', async () => {
  const wanted = { granteeId: 'bob', resources: ['days'], access: 'read', until: '2027-01-01T00:00:00Z' }
  expect(await ask(ada, 'POST', permissions, wanted)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  await ask(ada, 'POST', consents, sharing)
  const given = await ask(ada, 'POST', permissions, wanted, 'once')
  expect(given).toMatchObject({ status: 201, body: { ...wanted, userId: 'ada' } })
  expect(await ask(ada, 'POST', permissions, wanted, 'once')).toEqual(given)
  expect(await ask(ada, 'DELETE', `${permissions}/${given.body.grantId}`)).toMatchObject({ status: 204 })
  expect((await ask(ada, 'GET', permissions)).body).toEqual({
    data: [{ ...given.body, revokedAt: new Date(START_MS).toISOString().replace('Z', '000Z') }],
  })
  expect(await ask(ada, 'DELETE', `${permissions}/none`)).toMatchObject({ status: 404 })
})

test.each([
  [{}, '/granteeId', 'required'],
  [{ granteeId: 'bob', access: 'all' }, '/access', 'invalid_enum'],
  [{ granteeId: '../x', access: 'read' }, '/granteeId', 'invalid_id'],
  [{ granteeId: 'bob', access: 'read', metrics: [] }, '/metrics', 'out_of_range'],
  [{ granteeId: 'bob', access: 'read', metrics: ['mood of the day'] }, '/metrics/0', 'invalid_enum'],
  [{ granteeId: 'bob', access: 'read', until: '2027-01-01' }, '/until', expect.any(String)],
  [{ granteeId: 'bob', access: 'read', revokedAt: null }, '/revokedAt', 'unknown_field'],
])('a permission of %j is refused', async (wanted, pointer, code) => {
  const { status, body } = await ask(ada, 'POST', permissions, wanted)
  // An id that is none cannot be read at all.
  expect(status).toBe(code === 'invalid_id' ? 400 : 422)
  expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }))
})

test('the link signs in once, with a key that opens what the owner of the machine needs', async () => {
  const link = await makeSignInLink(world)
  const session = await ask(link.text, 'POST', '/v1/sign-in')
  expect(session).toMatchObject({ status: 201, body: { expiresAt: '2026-11-26T00:00:00.000000Z' } })
  expect(await ask(link.text, 'POST', '/v1/sign-in')).toMatchObject({ status: 401 })
  expect(await ask(session.body.key, 'GET', consents)).toMatchObject({ status: 200 })
  expect(await ask(session.body.key, 'GET', '/v1/sign-in/browser')).toMatchObject({
    status: 200,
    body: { kind: 'service', scopes: expect.arrayContaining(['profile:write', 'system:write', 'audit:read']) },
  })
  expect((await ask(ada, 'GET', '/v1/sign-in/browser')).body).toEqual({ kind: 'person', userId: 'ada', scopes: scopesOf.person })
  expect(await ask(session.body.key, 'GET', '/v1/users/nobody/consents')).toMatchObject({ status: 404 })
  world.time.nowMs += 12 * 3_600_000
  expect(await ask(session.body.key, 'GET', consents)).toMatchObject({ status: 401, body: { code: 'token_expired' } })
})

test('a key is made, shown without its secret, and ended', async () => {
  const { text } = await makeKey(world, { kind: 'operator' })
  const made = await ask(text, 'POST', '/v1/keys', { kind: 'operator', scopes: ['system:read'], expiresInDays: 1 })
  expect(made).toMatchObject({ status: 201, body: { kind: 'operator', scopes: ['system:read'], expiresAt: '2026-11-26T12:00:00.000000Z' } })
  const { key, ...shown } = made.body
  const listed = await ask(key, 'GET', '/v1/keys')
  expect(listed.body.data).toContainEqual({ ...shown, lastUsedAt: '2026-11-25T12:00:00.000000Z' })
  expect(JSON.stringify(listed.body)).not.toMatch(/secret/i)
  expect(await ask(text, 'DELETE', `/v1/keys/${shown.keyId}`)).toMatchObject({ status: 204 })
  world.time.nowMs += 999
  expect(await ask(key, 'GET', '/v1/keys')).toMatchObject({ status: 401 })
})

test('nobody makes a key that opens more than their own', async () => {
  const { text } = await makeKey(world, { kind: 'operator' })
  for (const wanted of [
    { kind: 'service' },
    { kind: 'person', userId: 'ada', scopes: ['jobs:read'] },
    { kind: 'service', scopes: ['users:list'] },
  ])
    expect(await ask(text, 'POST', '/v1/keys', wanted)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  const narrow = await makeKey(world, { kind: 'operator', scopes: ['system:write'] })
  expect(await ask(narrow.text, 'POST', '/v1/keys', { kind: 'operator', scopes: ['system:read'] })).toMatchObject({ status: 403 })
})

test('108: a key in an address is void from then on, and one that only looks like it harms nobody', async () => {
  const guess = ada.slice(0, 37) + 'A'.repeat(43)
  for (const [said, status] of [
    [guess, 200],
    [ada, 401],
  ] as const) {
    expect(await ask(ada, 'GET', `${consents}?token=${said}`)).toMatchObject({ status: 400, body: { code: 'credential_in_url' } })
    world.time.nowMs += 999
    expect(await ask(ada, 'GET', consents)).toMatchObject({ status })
  }
})
