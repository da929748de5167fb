import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openMemoryCache } from '../../src/adapters/cache/memory.ts'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { wallFaultOf } from '../../src/adapters/documents/postgres-wall.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { tables } from '../../src/adapters/documents/tables.ts'
import { cachedDocuments } from '../../src/flows/cached-documents.ts'
import { type Collection, type CollectionName, collectionNames, collections } from '../../src/model/collections.ts'
import type { Documents, ListQuery } from '../../src/ports/documents.ts'
import { handTimer } from '../cache/hand-timer.ts'
import { expectProblem, put } from '../contracts/expectations.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'

interface Belonging {
  readonly name: CollectionName
  readonly path: string
  readonly body: object
}

/** A place in every collection that is a person's, for that person, and a body that says so; what is below another thing comes last. */
function belongingsOf(userId: string): Belonging[] {
  const personal = collectionNames.filter((name) => collections[name].personal)
  const found = personal.map((name) => {
    const { path, indexes }: Collection = collections[name]
    const at = path.replace('{userId}', userId).replaceAll(/\{\w+\}/g, `of-${userId}`)
    const fields = Object.values(indexes).flat()
    return { name, path: at, body: { ...Object.fromEntries(fields.map((field) => [field, '0'])), userId, audience: userId } }
  })
  return found.sort((one, other) => one.path.split('/').length - other.path.split('/').length)
}

/** A list of every collection, below the parent of this one and across all, by id and by each index. */
function listsOf({ name, path }: Belonging): ListQuery[] {
  const parent = path.split('/').slice(0, -2).join('/')
  const places = parent === '' ? [{}] : [{}, { parent }]
  const orders = [{}, ...Object.keys(collections[name].indexes).map((index) => ({ index }))]
  return places.flatMap((place) => orders.map((order) => ({ collection: name, ...place, ...order, limit: 100 })))
}

/** What is sealed stays. */
const emptied = [...tables.values()].filter(({ sealedBeside }) => sealedBeside === undefined).map(({ name }) => name)

const roles = [
  ['who owns the database, and is nobody else', ordinaryRole],
  ['a superuser', async (url: string) => url],
] as const
const postgres = await startPostgres()

describeEngine('the second wall of PostgreSQL', postgres, (server) => {
  describe.each(roles)('for %s', (_, as) => {
    let url = ''
    let documents: Documents
    let ada: Documents
    beforeAll(async () => {
      url = await as(await server.createDatabase())
      documents = await openPostgresDocuments(url)
      ada = documents.actingFor('ada')
      await documents.batch([put('auditLogs/1', { at: '0' }), put('auditChain/head', {})])
    })
    beforeEach(async () => {
      await query(url, emptied.map((name) => `DELETE FROM documents."${name}"`).join('; '))
      await documents.batch(['ada', 'bob'].flatMap(belongingsOf).map(({ path, body }) => put(path, body)))
      await documents.batch([put('models/m', { kind: 'x' }), put('system/configuration', {})])
    })
    afterAll(() => documents.close())

    test('one’s own documents are there, of every collection, and are written as ever', async () => {
      for (const { path, body, name } of belongingsOf('ada')) {
        expect(await ada.get(path), name).toEqual({ path, version: 1, body })
        await ada.batch([{ ...put(path, { ...body, more: 1 }), ifVersion: 1 }])
        await ada.batch([put(path, body)])
        expect(await ada.get(path), name).toMatchObject({ version: 3 })
      }
      for (const { path, name } of belongingsOf('ada').toReversed()) {
        await ada.batch([{ op: 'delete', path }])
        expect(await documents.get(path), name).toBeUndefined()
      }
      for (const { path, body } of belongingsOf('ada')) await ada.batch([{ ...put(path, body), ifAbsent: true }])
    })

    test('what is another’s is not there, whatever is asked', async () => {
      for (const belonging of belongingsOf('bob')) {
        expect(await ada.get(belonging.path), belonging.name).toBeUndefined()
        for (const asked of listsOf(belonging)) expect(JSON.stringify(await ada.list(asked)), JSON.stringify(asked)).not.toContain('bob')
      }
    })

    test('what is another’s is neither made nor changed nor taken away', async () => {
      for (const { path, body, name } of belongingsOf('bob')) {
        await expect(ada.batch([put(path, { ...body, stolen: true })]), name).rejects.toThrow('not theirs')
        await expectProblem('conflict', ada.batch([{ ...put(path, { ...body, stolen: true }), ifVersion: 1 }]))
        await expectProblem('conflict', ada.batch([{ op: 'delete', path, ifVersion: 1 }]))
        await ada.batch([{ op: 'delete', path }])
        await expect(ada.batch([put(path.replace(/[^/]+$/, 'carl'), body)]), name).rejects.toThrow('not theirs')
        expect(await documents.actingFor('bob').get(path), name).toEqual({ path, version: 1, body })
      }
    })

    test('a batch with one document of another in it leaves nothing behind', async () => {
      const writes = [put('users/ada/days/x', { userId: 'ada' }), put('users/bob/days/x', { userId: 'bob' })]
      await expect(ada.batch(writes)).rejects.toThrow('not theirs')
      expect(await documents.get('users/ada/days/x')).toBeUndefined()
    })

    test('a claim takes one’s own and passes by what is others’', async () => {
      const body = (userId: string) => ({ userId, status: 'pending', priority: 1, createdAt: '1' })
      await documents.batch(['ada', 'bob'].flatMap((id) => [put(`jobs/${id}1`, body(id)), put(`jobs/${id}2`, body(id))]))
      const queue = { collection: 'jobs', index: 'queue', equals: ['pending'], limit: 10 }
      const taken = await ada.claim<{ userId: string }>(queue, (found) => ({ ...found.body, taken: true }))
      expect(taken.map(({ path }) => path).sort()).toEqual(['jobs/ada1', 'jobs/ada2'])
      expect(await documents.get('jobs/bob1')).toMatchObject({ version: 1 })
    })

    test('what is nobody’s is read, and not written', async () => {
      expect(await ada.get('models/m')).toMatchObject({ body: { kind: 'x' } })
      for (const path of ['models/m', 'system/configuration'])
        await expect(ada.batch([put(path, { userId: 'ada' })]), path).rejects.toThrow('not theirs')
    })

    test('the audit log is added to, and not seen', async () => {
      await ada.batch([{ ...put('auditOutbox/n1', { outcome: 'allow' }), ifAbsent: true }, put('users/ada', { userId: 'ada' })])
      expect(await documents.get('auditOutbox/n1')).toMatchObject({ body: { outcome: 'allow' } })
      const attempts = [
        () => ada.get('auditOutbox/n1'),
        () => ada.list({ collection: 'auditOutbox', limit: 1 }),
        () => ada.batch([put('auditOutbox/n1', { outcome: 'deny' })]),
        () => ada.batch([{ op: 'delete', path: 'auditOutbox/n1' }]),
        () => ada.get('auditLogs/1'),
        () => ada.list({ collection: 'auditLogs', limit: 1 }),
        () => ada.batch([{ ...put('auditLogs/2', {}), ifAbsent: true }]),
        () => ada.get('auditChain/head'),
        () => ada.batch([put('auditChain/head', {})]),
      ]
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow('not theirs')
      expect(await documents.get('auditOutbox/n1')).toMatchObject({ version: 1 })
    })

    test('calls for several people at once keep apart, and those for nobody see all', async () => {
      const asked = Array.from({ length: 60 }, async (_each, n) => {
        const [who, other] = n % 2 === 0 ? (['ada', 'bob'] as const) : (['bob', 'ada'] as const)
        const theirs = documents.actingFor(who)
        const found = await Promise.all([theirs.get(`users/${who}`), theirs.get(`users/${other}`), documents.get(`users/${other}`)])
        return found.map((one) => one !== undefined)
      })
      expect(new Set((await Promise.all(asked)).map(String))).toEqual(new Set(['true,false,true']))
    })

    test.each([
      ['without a person', [], '0'],
      ['for a person of no name', [`SELECT set_config('app.user', '', true)`], '0'],
      ['for a person', [`SELECT set_config('app.user', 'ada', true)`], '1'],
    ])('in plain SQL the role sees its own rows, %s', async (_said, person, count) => {
      for (const { name } of belongingsOf('ada')) {
        const steps = ['BEGIN', 'SET LOCAL ROLE pg_database_owner', ...person, `SELECT count(*) FROM documents."${name}"`]
        expect(await query(url, ...steps), name).toEqual([{ count }])
      }
    })

    test('the wall is found standing', async () => {
      expect(await wallFaultOf(url)).toBeUndefined()
    })
  })
})

describeEngine('the second wall as a whole', postgres, (server) => {
  afterAll(() => server.stop())

  test('each table of the store has a policy, can only be read, can only be added to, or is shut', async () => {
    const url = await server.createDatabase()
    await (await openPostgresDocuments(url)).close()
    const rows = await query(
      url,
      `SELECT relname, relrowsecurity, has_table_privilege('pg_database_owner', oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes,
         has_table_privilege('pg_database_owner', oid, 'SELECT') AS reads
       FROM pg_class WHERE relnamespace = 'documents'::regnamespace AND relkind = 'r'`,
    )
    expect(rows).toHaveLength(tables.size)
    for (const { relname, relrowsecurity: policy, reads, writes } of rows) {
      const { personal, behindWall }: Collection = collections[relname as CollectionName]
      const apart = { added: { reads: false, writes: true }, shut: { reads: false, writes: false } } as const
      const rights = behindWall === undefined ? { reads: true, writes: personal } : apart[behindWall]
      expect({ relname, policy, reads, writes }).toEqual({ relname, policy: personal, ...rights })
    }
  })

  test('the cache, which has no walls, gives a call for one person nothing of another’s', async () => {
    await using store = await openPostgresDocuments(await server.createDatabase())
    const timer = handTimer()
    const clock = { nowMs: timer.elapsedMs }
    const documents = cachedDocuments({
      documents: store,
      cache: openMemoryCache({ clock }),
      clock,
      timer,
      newId: () => `id${timer.elapsedMs()}`,
    })
    for (let looks = 0; looks < 6; looks += 1) {
      await documents.get('users/nobody')
      timer.pass(1300)
    }
    expect(await store.get('system/cache')).toMatchObject({ body: { state: 'on' } })
    await documents.batch([put('users/bob', { n: 1 }), put('users/bob/days/d', { userId: 'bob', date: 'd' })])
    const days = { collection: 'days', parent: 'users/bob', limit: 10 }
    const ask = (asked: Documents) => Promise.all([asked.get('users/bob'), asked.get('users/bob/days/d'), asked.list(days)])
    for (const memory of ['cold', 'warm']) {
      expect(await ask(documents.actingFor('ada')), memory).toEqual([undefined, undefined, { data: [] }])
      const [user, day, list] = await ask(documents.actingFor('bob'))
      expect([user?.version, day?.version, list.data.length], memory).toEqual([1, 1, 1])
      expect(await ask(documents), memory).toEqual([user, day, list])
    }
  })

  test('where the connection may not take the role, the documents are as they are, and that is told', async () => {
    const owned = await ordinaryRole(await server.createDatabase())
    await (await openPostgresDocuments(owned)).close()
    const guestName = `${new URL(owned).username}_guest`
    await query(owned, `GRANT USAGE ON SCHEMA documents TO ${guestName}`, `GRANT ALL ON ALL TABLES IN SCHEMA documents TO ${guestName}`)
    await query(owned, `GRANT SELECT ON clarity_migrations TO ${guestName}`)
    const guest = new URL(owned)
    guest.username = guestName
    expect(await wallFaultOf(guest.href)).toContain('OWNER TO')
    await using documents = await openPostgresDocuments(guest.href)
    await documents.batch([put('users/bob', { n: 1 })])
    expect(await documents.actingFor('ada').get('users/bob')).toMatchObject({ body: { n: 1 } })
  })
})

test('an engine without a second wall gives a call for one person what it gives any', async () => {
  await using documents = openSqliteDocuments('sqlite::memory:')
  await documents.batch([put('users/ada', { n: 1 })])
  expect(await documents.actingFor('ada').get('users/ada')).toMatchObject({ body: { n: 1 } })
})

/** Makes the database that of a new role without any privilege, and gives its URL for it. `ROLE_guest` is another. */
async function ordinaryRole(url: string): Promise<string> {
  const role = `wall_${randomBytes(6).toString('hex')}`
  const name = new URL(url).pathname.slice(1)
  await query(url, `CREATE ROLE ${role} LOGIN`, `CREATE ROLE ${role}_guest LOGIN`, `ALTER DATABASE ${name} OWNER TO ${role}`)
  const owned = new URL(url)
  owned.username = role
  owned.password = ''
  return owned.href
}

/** One after the other on one connection; what the last one gives. */
async function query(url: string, ...statements: readonly string[]): Promise<Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Readonly<Record<string, unknown>>[] = []
    for (const text of statements) ({ rows } = await client.query(text))
    return rows
  } finally {
    await client.end()
  }
}
