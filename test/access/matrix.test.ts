import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { systemTimer } from '../../src/adapters/timer/system.ts'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { revokeGrant } from '../../src/flows/grants.ts'
import { makeGate } from '../../src/http/gate.ts'
import { type Gate, makeServer } from '../../src/http/server.ts'
import { Problem } from '../../src/model/problem.ts'
import { startIssuer } from '../engines/issuer.ts'
import { ABSENT, type Asker, CLOSED, ERASED, OWNER, seedAskers } from './principals.ts'
import { openWorld } from './world.ts'

const plain = { summary: '', audit: 'read', reply: { type: 'none', status: 204 }, problems: [] } as const

/** Routes that nobody has yet, so that the doors hold on the day somebody has. */
const mistakes = {
  jobsOfPerson: { method: 'get', path: '/v1/users/{userId}/m-jobs', scope: 'jobs:read', ...plain },
  auditOfPerson: { method: 'get', path: '/v1/users/{userId}/m-audit', scope: 'audit:read', ...plain },
  handInForAnother: {
    method: 'put',
    path: '/v1/users/{userId}/m-sessions',
    scope: 'sessions:write',
    grant: { resource: 'sessions', access: 'write' },
    ...plain,
  },
  trendsOfPerson: {
    method: 'get',
    path: '/v1/users/{userId}/m-trends',
    scope: 'insights:read',
    grant: { resource: 'trends', access: 'read' },
    ...plain,
  },
} as const satisfies Api

/**
 * Every route, asked by everybody about everybody, with what is remembered forgotten before (cold) and not (warm). What is expected is
 * computed from the table alone; handlers only say that they were reached.
 */
const table: Readonly<Record<string, Endpoint>> = { ...(api satisfies Api), ...mistakes }
const routes = Object.entries(table)
const issuer = await startIssuer()
const world = openWorld([{ issuer: issuer.url, audience: 'clarity-loop' }])
let askers: readonly Asker[]
let gate: Gate

const REACHED = 'reached'
const server = makeServer({
  api: table,
  handlers: Object.fromEntries(routes.map(([name]) => [name, () => Promise.reject(new Problem('job_finished', REACHED))])),
  deps: {},
  gate: {
    authenticate: (authorization) => gate.authenticate(authorization),
    mayByGrant: (owner, grantee, what) => gate.mayByGrant(owner, grantee, what),
  },
})

beforeAll(async () => {
  askers = await seedAskers(world, issuer)
  forget()
})
afterAll(async () => {
  await world.documents.close()
  await issuer.stop()
})

/** A process that was just started, with an empty cache. */
function forget(): void {
  const cache = openMemoryCache({ clock: world.clock })
  const documents = cachedDocuments({ ...world, cache, timer: systemTimer })
  gate = makeGate({ ...world, documents })
}

const owners = { own: undefined, granting: OWNER, closed: CLOSED, absent: ABSENT, erased: ERASED }
type Owner = keyof typeof owners

function ownerOf({ userId }: Asker, owner: Owner): string {
  return owners[owner] ?? userId ?? ABSENT
}

function expected(endpoint: Endpoint, asker: Asker, owner: Owner): string {
  if (asker.refused !== undefined) return asker.refused
  if (!asker.scopes.includes(endpoint.scope)) return 'forbidden'
  if (!endpoint.path.includes('{userId}') || asker.everybody === true) return REACHED
  if (asker.userId === undefined) return 'forbidden'
  if (owner === 'own') return REACHED
  return owner === 'granting' && endpoint.grant !== undefined && asker.opens(endpoint.grant) ? REACHED : 'not_found'
}

async function ask(endpoint: Endpoint, authorization: string | undefined, userId: string) {
  const url = endpoint.path.replace('{userId}', userId).replaceAll(/\{\w+\}/g, 'x1')
  const key = endpoint.method === 'post' && { 'idempotency-key': 'k' }
  const headers = { ...(authorization !== undefined && { authorization }), ...key }
  const reply = await server.inject({ method: endpoint.method.toUpperCase() as 'GET', url, headers })
  const { requestId: _, ...body } = reply.json()
  return { status: reply.statusCode, body, headers: Object.keys(reply.headers).sort() }
}

const SHUT = ['unauthorized', 'token_expired', 'forbidden', 'not_found']

function outcomeOf(code: string): string {
  return SHUT.includes(code) ? code : REACHED
}

test('the table has routes, and each says what it takes and whether it is written down', () => {
  expect(routes.length).toBeGreaterThan(0)
  for (const [name, { scope, audit, path }] of routes) {
    expect(scope, name).toMatch(/^[a-z-]+:[a-z]+$/)
    expect(audit, name).toBeDefined()
    expect(path, name).toMatch(/^\/v1\//)
  }
})

test.each(routes)('%s answers each as the table says', async (_, endpoint) => {
  const wanted: Record<string, string> = {}
  const got: Record<string, string> = {}
  for (const asker of askers)
    for (const owner of Object.keys(owners) as Owner[])
      for (const memory of ['cold', 'warm']) {
        if (memory === 'cold') forget()
        const cell = `${asker.name}, ${owner}, ${memory}`
        wanted[cell] = expected(endpoint, asker, owner)
        got[cell] = outcomeOf((await ask(endpoint, asker.authorization, ownerOf(asker, owner))).body.code)
      }
  expect(got).toEqual(wanted)
})

test.each(routes.filter(([, { path }]) => path.includes('{userId}')))(
  '%s says the same of what is foreign and what is absent',
  async (_, endpoint) => {
    for (const asker of askers.filter(({ everybody }) => everybody === undefined)) {
      const absent = await ask(endpoint, asker.authorization, ABSENT)
      for (const foreign of [CLOSED, ERASED]) expect(await ask(endpoint, asker.authorization, foreign), asker.name).toEqual(absent)
    }
  },
)

test('what is taken back is shut at once, also to who was in a moment ago', async () => {
  const grantable = routes.filter(([, { grant }]) => grant !== undefined)
  const writer = askers.find(({ name }) => name.includes('writer'))
  const open = async () => {
    const codes: string[] = []
    for (const [, endpoint] of grantable) codes.push(outcomeOf((await ask(endpoint, writer?.authorization, OWNER)).body.code))
    return new Set(codes)
  }
  if (grantable.length > 0) expect(await open()).toEqual(new Set([REACHED]))
  await giveConsent(world, OWNER, 'no', { purpose: 'dataSharing', given: false, textVersion: '1' })
  expect(await open()).not.toContain(REACHED)
  await giveConsent(world, OWNER, 'yes', { purpose: 'dataSharing', given: true, textVersion: '1' })
  await revokeGrant(world, OWNER, 'g-writer')
  expect(await open()).not.toContain(REACHED)
})
