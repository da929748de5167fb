import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { changeUser } from '../../src/flows/change-user.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { type Principal, scopesOf } from '../../src/model/principal.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { startServer } from '../e2e/server-process.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { seedPeers } from '../fixtures/peers.ts'
import { named, queries } from '../http/addresses.ts'
import { seedDocuments } from '../http/seed-documents.ts'
import { sessionBody } from '../http/session-bodies.ts'

const plain = { summary: '', audit: 'read', reply: { type: 'none', status: 204 }, problems: [] } as const
const mistaken = {
  readsAnothers: { method: 'get', path: '/v1/users/{userId}/mistaken', scope: 'profile:read', ...plain },
  writesAnothers: { method: 'put', path: '/v1/users/{userId}/mistaken', scope: 'profile:write', ...plain },
} as const satisfies Api

const table: Readonly<Record<string, Endpoint>> = api satisfies Api

const ownQueries: Readonly<Record<string, string>> = { ...queries, addPart: '?offset=0' }
const file = { type: 'application/octet-stream', text: '<HealthData/>' }

/** What a person can ask, in the order of the table; what takes something away comes last. */
const calls = Object.entries(table)
  .filter(([, { scope, reply }]) => (scopesOf.person as readonly string[]).includes(scope) && reply.type !== 'events')
  .sort(([, one], [, other]) => taking(one) - taking(other))

function taking({ method, path }: Endpoint): number {
  return method === 'delete' ? 1 + Number(path === '/v1/users/{userId}') : 0
}

const folder = mkdtempSync(join(tmpdir(), 'clarity-wall-'))
afterAll(() => rmSync(folder, { recursive: true }))

function served(house: House) {
  const person: Principal = { kind: 'person', userId: 'robin', scopes: scopesOf.person, credential: 'robin' }
  const seen: string[] = []
  const server = makeServer<Api, House>({
    api: { ...table, ...mistaken },
    handlers: {
      ...(handlers as object),
      async readsAnothers({ documents }: { readonly documents: Documents }) {
        seen.push(JSON.stringify([await documents.get('users/sam'), await documents.list({ collection: 'users', limit: 10 })]))
        return {}
      },
      async writesAnothers({ documents }: { readonly documents: Documents }) {
        await documents.batch([{ op: 'put', path: 'users/sam', body: {} }])
        return {}
      },
    },
    deps: house,
    actingFor: (deps, userId) => ({ ...deps, documents: deps.documents.actingFor(userId) }),
    gate: { authenticate: async () => person, mayByGrant: async () => false },
  })
  return { server, seen }
}

async function seed(house: House): Promise<void> {
  const put = (userId: string, email: string) => {
    const user = newUser(house, 'UTC')
    return { op: 'put', path: `users/${userId}`, body: { ...user, profile: { ...user.profile, email, displayName: userId } } } as const
  }
  await house.documents.batch([put('robin', 'robin@example.org'), put('sam', 'sam@example.org')])
  await seedDocuments(house)
  const webhook = await house.documents.get<object>('webhooks/w1')
  await house.documents.batch([{ op: 'put', path: 'webhooks/w1', body: { ...webhook?.body, userId: 'robin' } }])
}

let asked = 0
async function ask(server: ReturnType<typeof served>['server'], method: string, url: string, body?: unknown, version?: number) {
  asked += 1
  const { type, text } = body === file ? file : { type: 'application/json', text: JSON.stringify(body) }
  const headers = {
    authorization: 'Bearer x',
    ...(/^post$/i.test(method) && { 'idempotency-key': `k${asked}` }),
    ...(version !== undefined && { 'if-match': `"${version}"` }),
    ...(body !== undefined && { 'content-type': type }),
  }
  const payload = body === undefined ? {} : { payload: text }
  const reply = await server.inject({ method: method.toUpperCase() as 'GET', url, headers, ...payload })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
}

describeEngine('calls behind the second wall', await startPostgres(), (server) => {
  let url = ''
  let house: House
  let here: ReturnType<typeof served>
  beforeAll(async () => {
    url = await server.createDatabase()
    house = await openHouse({ data: join(folder, 'walled'), documents: url })
    await seed(house)
    here = served(house)
  })
  afterAll(async () => {
    await house[Symbol.asyncDispose]()
    await server.stop()
  })

  test('a handler that mistakes whose documents it reads gets nothing of theirs', async () => {
    expect(await ask(here.server, 'get', '/v1/users/robin/mistaken')).toMatchObject({ status: 204 })
    const [one, list] = JSON.parse(here.seen[0] ?? '[]')
    expect(one).toBeNull()
    expect(list.data.map(({ path }: { path: string }) => path)).toEqual(['users/robin'])
  })

  test('a handler that mistakes whose documents it writes is a fault, and nothing is changed', async () => {
    const before = await house.documents.get('users/sam')
    expect(await ask(here.server, 'put', '/v1/users/robin/mistaken')).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(await house.documents.get('users/sam')).toEqual(before)
  })

  test('an address that is another’s is refused in the words of everywhere, though whose it is cannot be seen', async () => {
    const email = 'taken@example.org'
    const deps = { ...house, addressKeyOf: (address: string) => address }
    await changeUser(deps, {
      userId: 'sam',
      change: (user) => ({ ...user, profile: { ...user.profile, email } }),
      ifVersion: undefined,
      workId: 'w',
    })
    expect(await ask(here.server, 'patch', '/v1/users/robin', { profile: { email } })).toMatchObject({
      status: 409,
      body: { detail: 'This e-mail address cannot be used here.' },
    })
  })

  test('where one stands among others is told behind the wall too, though their documents are not there', async () => {
    await seedPeers(house, ['robin', ...Array.from({ length: 14 }, (_, n) => `peer${n}`)])
    const { status, body } = await ask(here.server, 'get', '/v1/users/robin/peers?metric=total_steps&period=2024-05')
    expect(status).toBe(200)
    // Robin walks 1,000 steps a day, the others 2,000 and more.
    expect(body).toMatchObject({ value: 1000, people: 15, rank: 0, reasons: [] })
    const others = Object.entries(table).filter(([, { amongPeople }]) => amongPeople)
    expect(others.map(([name]) => name)).toEqual(['deleteUser', 'getPeers', 'listAccess'])
  })

  test('everything that a person can ask is answered as by a store without the wall', async () => {
    await using open = await openHouse({ data: join(folder, 'open') })
    await seed(open)
    const there = served(open)
    const differing: unknown[] = []
    let good = 0
    for (const [name, { method, path, examples, body, versioned }] of calls) {
      const address = path.replaceAll(/\{(\w+)\}/g, (_, param) => named[param] ?? 'absent')
      const sent = { samples: sessionBody('s1'), file, json: examples?.body }[body?.type ?? 'json']
      const url = `${address}${ownQueries[name] ?? ''}`
      const asking = async ({ server }: ReturnType<typeof served>, { documents }: House) => {
        const version = versioned === 'must' ? (await documents.get('users/robin'))?.version : undefined
        return ask(server, method, url, sent, version)
      }
      const [one, other] = [await asking(here, house), await asking(there, open)]
      expect(['bad_parameter', 'precondition_required', 'unsupported_media_type'], name).not.toContain(one.body?.code)
      if (one.status !== other.status || one.body?.code !== other.body?.code) differing.push([name, one, other])
      if (one.status < 300) good += 1
    }
    expect(differing).toEqual([])
    expect(good).toBeGreaterThan(40)
    const left = await house.documents.list({ collection: 'webhookDeliveries', parent: 'webhooks/w1', limit: 10 })
    expect([left.data, await house.documents.get('webhooks/w1')]).toEqual([[], undefined])
  })

  test('the server puts calls about a person behind the wall, and says at its start where none stands', async () => {
    const { text } = await makeKey(house, { kind: 'person', userId: 'sam' })
    const client = new Client({ connectionString: url })
    await client.connect()
    const keys = { CLARITY_KEYS: `file:${folder}/walled/keys`, CLARITY_ROOT_KEY: `file:${folder}/walled/keys/root.key` }
    const environment = { CLARITY_DOCUMENTS: url, CLARITY_LOG: 'warn', ...keys }
    await using process = await startServer({ data: join(folder, 'served'), words: ['--role', 'api'], env: environment })
    const status = async () => (await fetch(`${process.url}/v1/users/sam`, { headers: { authorization: `Bearer ${text}` } })).status
    expect(await status()).toBe(200)
    await client.query('REVOKE ALL ON documents."users" FROM pg_database_owner')
    expect(await status()).toBe(500)
    await client.query('GRANT ALL ON documents."users" TO pg_database_owner')
    expect(process.log()).not.toContain('no_second_wall')

    const guest = `guest_${Math.random().toString(36).slice(2, 10)}`
    await client.query(`CREATE ROLE ${guest} LOGIN`)
    await client.query(`GRANT USAGE ON SCHEMA documents TO ${guest}; GRANT ALL ON ALL TABLES IN SCHEMA documents, public TO ${guest}`)
    await client.end()
    const other = new URL(url)
    other.username = guest
    const env = { CLARITY_DOCUMENTS: other.href, CLARITY_WAREHOUSE: 'none', CLARITY_LOG: 'warn', ...keys }
    await using unwalled = await startServer({ data: join(folder, 'unwalled'), words: ['--role', 'api'], env })
    await expect.poll(() => unwalled.log()).toContain('"event":"no_second_wall"')
  })
})
