import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { usersApi } from '../../src/api/users.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { keepAccount } from '../../src/http/account.ts'
import { type UsersDeps, usersHandlers } from '../../src/http/handlers/users.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFirestore } from '../engines/firestore.ts'
import { startPostgres } from '../engines/postgres.ts'
import { asking } from '../http/asking.ts'
import { askOnce } from './kill-calls.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-no-access-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Store {
  readonly house: House
  /** From beside the house, by somebody who owns the store: from then on it takes no entry. */
  forbid(): Promise<unknown>
  allow(): Promise<unknown>
}

/** What the log cannot be told of is not done. */
function withoutLog(open: () => Promise<Store>): void {
  let store: Store
  let ask: ReturnType<typeof asking>
  beforeAll(async () => {
    store = await open()
    const { house } = store
    await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
    ask = asking<typeof usersApi, UsersDeps>(
      {
        api: usersApi,
        handlers: usersHandlers,
        deps: house,
        account: keepAccount<UsersDeps>(house),
        actingFor: (deps, userId) => ({ ...deps, documents: deps.documents.actingFor(userId) }),
      },
      house,
    )
  })
  afterEach(() => store.allow())
  afterAll(() => store.house[Symbol.asyncDispose]())

  const patch = { body: { profile: { displayName: 'Robin' } }, headers: { 'if-match': '"1"' } }

  test('where the log cannot be written nothing is told, nothing changed, and nobody is even refused', async () => {
    expect(await ask('robin', 'GET /v1/users/robin')).toMatchObject({ status: 200, headers: { etag: '"1"' } })
    await store.forbid()
    const read = await ask('robin', 'GET /v1/users/robin')
    expect(read).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(JSON.stringify(read.body)).not.toContain('timezone')
    expect(await ask('robin', 'PATCH /v1/users/robin', patch)).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(await ask('', 'GET /v1/users/robin')).toMatchObject({ status: 503 })
    expect(await ask('sam', 'GET /v1/users/robin')).toMatchObject({ status: 503 })
    expect(await ask('robin', 'GET /v1/users/robin/preferences')).toMatchObject({ status: 503 })
    await store.allow()
    expect(await ask('robin', 'GET /v1/users/robin')).toMatchObject({ status: 200, headers: { etag: '"1"' } })
    expect(await ask('robin', 'PATCH /v1/users/robin', patch)).toMatchObject({ status: 200, headers: { etag: '"2"' } })
  })
}

describeEngine('SQLite without its log', {}, () =>
  withoutLog(async () => {
    const house = await openHouse({ data: join(folder, 'sqlite') })
    const beside = new DatabaseSync(join(folder, 'sqlite', 'clarity.db'))
    return {
      house,
      forbid: async () => beside.exec(`CREATE TRIGGER full BEFORE INSERT ON auditOutbox BEGIN SELECT RAISE(ABORT, 'full'); END`),
      allow: async () => beside.exec('DROP TRIGGER IF EXISTS full'),
    }
  }),
)

describeEngine('PostgreSQL without its log', await startPostgres(), (server) => {
  const clients: Client[] = []
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await server.stop()
  })
  withoutLog(async () => {
    const documents = await server.createDatabase()
    const client = new Client({ connectionString: documents })
    await client.connect()
    clients.push(client)
    const house = await openHouse({ data: join(folder, 'postgres'), documents })
    await client.query(`CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''full''; END'`)
    return {
      house,
      forbid: () => client.query('CREATE TRIGGER full_up BEFORE INSERT ON documents."auditOutbox" EXECUTE FUNCTION no()'),
      allow: () => client.query('DROP TRIGGER IF EXISTS full_up ON documents."auditOutbox"'),
    }
  })
})

describeEngine('Firestore without its log', await startFirestore(), (emulator) => {
  afterAll(() => emulator.stop())
  withoutLog(async () => {
    process.env.FIRESTORE_EMULATOR_HOST = emulator.host
    const documents = emulator.newUrl()
    const house = await openHouse({ data: join(folder, 'firestore'), documents })
    // Firestore has no triggers: it refuses an entry whose place is taken, and with it the commit that it is in.
    await house.documents.batch([{ op: 'put', path: 'auditOutbox/taken', body: {} }])
    let isFull = false
    const nextNoteId = () => (isFull ? 'taken' : house.nextNoteId())
    return {
      house: { ...house, nextNoteId },
      async forbid() {
        isFull = true
      },
      async allow() {
        isFull = false
      },
    }
  })

  test('an entry is committed with its effect: Firestore gives both one time', async () => {
    const documents = emulator.newUrl()
    await using house = await openHouse({ data: join(folder, 'firestore-times'), documents })
    await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
    expect(await askOnce(house, 'put')).toMatchObject({ status: 200 })
    const client = emulator.client(documents)
    const user = await client.doc('users/robin').get()
    const entries = await client.collection('auditOutbox').get()
    expect(entries.docs.map((entry) => entry.createTime.valueOf())).toEqual([user.updateTime?.valueOf()])
    expect(user.updateTime?.valueOf()).not.toBe(user.createTime?.valueOf())
  })
})
