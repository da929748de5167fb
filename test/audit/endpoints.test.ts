import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import type { Api, Endpoint } from '../../src/api/endpoint.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { all } from '../../src/flows/every.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { keepAccount } from '../../src/http/account.ts'
import type { Handlers } from '../../src/http/call.ts'
import { type HandlerDeps, handlers } from '../../src/http/handlers.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { AuditNote } from '../../src/model/audit.ts'
import { scopesOf } from '../../src/model/principal.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFirestore } from '../engines/firestore.ts'
import { startPostgres } from '../engines/postgres.ts'
import { named, queries } from '../http/addresses.ts'
import { type Answered, asking } from '../http/asking.ts'
import { seedDocuments } from '../http/seed-documents.ts'
import { sessionBody } from '../http/session-bodies.ts'

const table: Readonly<Record<string, Endpoint>> = api satisfies Api
const behind: Readonly<Record<string, string>> = { ...named, keyId: 'k1', uploadId: 'upload_1' }
const asked: Readonly<Record<string, string>> = { ...queries, getCohort: '?metric=total_steps&period=2024-05' }

/** What takes something away comes last, and last of all what takes everything. */
const lateness = (name: string, { method }: Endpoint) => Number(method === 'delete') + Number(name === 'deleteUser')
const endpoints = Object.entries(table).sort((one, other) => lateness(...one) - lateness(...other))

/** In words of the specification: what is done by each method, and what goes by another name. */
const letters = { get: 'R', post: 'C', put: 'U', patch: 'U', delete: 'D' } as const
const actionOf = ({ method, audit, path }: Endpoint) => {
  if (/\/consents$/.test(path) && method === 'post') return 'consent'
  if (/\/permissions/.test(path) && method !== 'get') return 'grant'
  if (/\/sign-in$/.test(path)) return 'login'
  return audit === 'admin' || audit === 'export' ? audit : letters[method]
}

/** Whoever has the scope, robin first. */
function whoOf({ scope }: Endpoint): string {
  if ((scopesOf.person as readonly string[]).includes(scope)) return 'robin'
  const kind = (['service', 'operator', 'auditor', 'researcher'] as const).find((each) =>
    (scopesOf[each] as readonly string[]).includes(scope),
  )
  return kind === undefined ? 'nobody:' : `${kind}:`
}

const addressOf = (name: string, { path }: Endpoint) =>
  `${path.replaceAll(/\{(\w+)\}/g, (_, param) => behind[param] ?? 'absent')}${asked[name] ?? ''}`
const typeOf = ({ path }: Endpoint) =>
  path
    .replace('/v1/', '')
    .replaceAll(/\{\w+\}\/?/g, '')
    .replace(/\/$/, '')
/** Of an event stream only the head: it has no end. */
const methodOf = ({ method, reply }: Endpoint) => (reply.type === 'events' ? 'HEAD' : method.toUpperCase())

/** Where the table has no example. */
const bodies: Readonly<Record<string, object>> = {
  putModel: { modelInfo: { name: 'm1', version: '1.0.0', type: 'sleep', framework: 'ours' } },
  addModelVersion: { version: '1.0.1', weights: { key: 'w1', sha256: '1'.repeat(64), length: 1 }, trainedOn: [], heads: {} },
  addModelPerformance: { version: '1.0.1', lastEvaluated: '2024-01-15T10:00:00Z', dataset: 'held out' },
  addModelDeployment: { version: '1.0.1', status: 'testing' },
}

function bodyOf(name: string, { body, examples }: Endpoint) {
  if (body?.type === 'samples') return { body: sessionBody('s1') }
  if (body?.type === 'file') return { payload: '<HealthData/>', headers: { 'content-type': 'application/octet-stream' } }
  return body === undefined ? {} : { body: bodies[name] ?? examples?.body }
}

const folder = mkdtempSync(join(tmpdir(), 'clarity-audit-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function seeded(documents = 'sqlite:'): Promise<House> {
  const house = await openHouse({ data: join(folder, documents.split(':')[0] ?? ''), documents })
  const people = ['robin', 'sam', 'tom'].map((userId) => ({ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }) as const)
  await house.documents.batch(people)
  await seedDocuments(house)
  const webhook = await house.documents.get<object>('webhooks/w1')
  await house.documents.batch([{ op: 'put', path: 'webhooks/w1', body: { ...webhook?.body, userId: 'robin' } }])
  return house
}

function eachEndpoint(open: () => Promise<House>): void {
  let house: House
  let ask: ReturnType<typeof asking>
  let robin: string
  let tom: string
  beforeAll(async () => {
    house = await open()
    ask = asking(
      {
        api: table,
        handlers: handlers as unknown as Handlers<Api, HandlerDeps>,
        deps: house as HandlerDeps,
        layers: [answerOnce(house)],
        account: keepAccount<HandlerDeps>(house),
        actingFor: (deps, userId) => ({ ...deps, documents: deps.documents.actingFor(userId) }),
      },
      house,
    )
    ;[robin, tom] = (await Promise.all(['robin', 'tom'].map(pseudonym))) as [string, string]
  })
  afterAll(() => house[Symbol.asyncDispose]())

  async function pseudonym(userId: string): Promise<string> {
    return createHmac('sha256', (await house.keys.make(userId)).audit)
      .update(userId)
      .digest('base64url')
  }

  const notes = async () => (await all<AuditNote>(house.documents, { collection: 'auditOutbox' })).map(({ body }) => AuditNote.parse(body))

  /** What one call left. */
  async function left(who: string, name: string, endpoint: Endpoint) {
    const before = (await notes()).length
    const version = endpoint.versioned === 'must' ? (await house.documents.get('users/robin'))?.version : undefined
    const { headers, ...sent } = { headers: {}, ...bodyOf(name, endpoint) }
    const asked = { ...sent, headers: { ...headers, ...(version && { 'if-match': `"${version}"` }) } }
    const answer = await ask(who, `${methodOf(endpoint)} ${addressOf(name, endpoint)}`, asked)
    return { answer, entries: (await notes()).slice(before) }
  }

  /** What the one entry of a call that was let in must say. */
  function expected(endpoint: Endpoint, who: string, { status, body, headers }: Answered) {
    const isGood = status < 400
    const isAbout = who === 'robin' || endpoint.path.includes('{userId}')
    return {
      actor: who === 'robin' ? { type: 'person', id: robin } : { type: who.slice(0, -1), keyId: who },
      action: actionOf(endpoint),
      resource: { type: typeOf(endpoint) },
      outcome: { [status]: isGood ? 'allow' : 'error', 403: 'deny' }[status],
      requestId: headers['x-request-id'],
      ip: '127.0.0.0/24',
      ...(isAbout && { subject: robin, purpose: who === 'robin' ? 'self' : 'service' }),
      ...(!isGood && { code: body.code }),
      ...(Array.isArray(body?.data) && { count: body.data.length }),
    }
  }

  test('what is let in leaves exactly one entry, of what it did and to whom', async () => {
    let good = 0
    for (const [name, endpoint] of endpoints) {
      const who = whoOf(endpoint)
      // The scope of a link to sign in, which only that link has.
      if (who === 'nobody:') continue
      const { answer, entries } = await left(who, name, endpoint)
      const wanted = endpoint.audit === 'none' ? [] : [expected(endpoint, who, answer)]
      expect(entries, `${name} ${answer.status} ${JSON.stringify(answer.body)}`).toMatchObject(wanted)
      good += Number(answer.status < 400)
    }
    expect(good).toBeGreaterThan(45)
  })

  test('what is refused leaves exactly one entry, whoever asks', async () => {
    for (const [name, endpoint] of endpoints) {
      const stranger = await left('', name, endpoint)
      expect(stranger.entries, name).toMatchObject([{ actor: { type: 'anonymous' }, outcome: 'deny', code: 'unauthorized' }])
      const other = await left(whoOf(endpoint) === 'robin' ? 'auditor:' : 'tom', name, endpoint)
      expect(other.answer.status, name).toBe(403)
      expect(other.entries, name).toMatchObject([
        { outcome: 'deny', code: 'forbidden', action: endpoint.audit === 'none' ? expect.anything() : actionOf(endpoint) },
      ])
      if (!endpoint.path.includes('{userId}') || whoOf(endpoint) !== 'robin') continue
      const foreign = await left('tom', name, endpoint)
      expect(foreign.answer.status, name).toBe(404)
      expect(foreign.entries, name).toMatchObject([
        { actor: { type: 'person', id: tom }, subject: robin, purpose: 'permission', outcome: 'deny', code: 'not_found' },
      ])
    }
  })

  test('an entry holds pseudonyms and no word of what it speaks of', async () => {
    const text = JSON.stringify(await notes())
    for (const word of ['robin', 'tom', 'sam', 's1', 'hooks.example', '2024-06-12']) expect(text).not.toContain(`"${word}`)
  })
}

describeEngine('the account of SQLite', {}, () => eachEndpoint(() => seeded()))
describeEngine('the account of PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())
  eachEndpoint(async () => seeded(await server.createDatabase()))
})
describeEngine('the account of Firestore', await startFirestore(), (emulator) => {
  afterAll(() => emulator.stop())
  eachEndpoint(() => {
    process.env.FIRESTORE_EMULATOR_HOST = emulator.host
    return seeded(emulator.newUrl())
  })
})
