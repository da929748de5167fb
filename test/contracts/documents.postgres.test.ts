import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { tableName } from '../../src/adapters/documents/postgres-tables.ts'
import { tables } from '../../src/adapters/documents/tables.ts'
import type { Documents, Stored } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Postgres, startPostgres } from '../engines/postgres.ts'
import { documentsContract } from './documents.ts'
import { claimAll } from './documents-claims.ts'
import { expectProblem, put } from './expectations.ts'

describeEngine('documents on PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())
  const database = emptied(server)

  documentsContract('postgres', async () => {
    const url = await database()
    let documents = await openPostgresDocuments(url)
    return {
      documents,
      async reopen() {
        await documents.close()
        documents = await openPostgresDocuments(url)
        return documents
      },
      remove: () => documents.close(),
    }
  })

  let url = ''
  let documents: Documents
  beforeEach(async () => {
    url = await database()
    documents = await openPostgresDocuments(url)
  })
  afterEach(() => documents.close())

  const day = (id: string, date: unknown) => put(`users/u1/days/${id}`, { userId: 'u1', date })
  const byDate = { collection: 'days', index: 'userDate', equals: ['u1'], limit: 100 }
  const idsIn = async (query: object = {}) => (await documents.list({ ...byDate, ...query })).data.map(idOf)

  test('a body that jsonb cannot hold is kept as text, and all others as jsonb', async () => {
    const bodies = { nul: { text: 'a\0b' }, key: { 'a\0': 1 }, lone: { text: 'x\ud800' }, pair: { text: '💤' }, slash: { text: '\\u0000' } }
    await documents.batch(Object.entries(bodies).map(([id, body]) => put(`users/${id}`, body)))
    for (const [id, body] of Object.entries(bodies)) expect((await documents.get(`users/${id}`))?.body).toEqual(body)
    const rows = await query(url, `SELECT id FROM ${tableName(tableOf('users'))} WHERE body IS NOT NULL ORDER BY id`)
    expect(rows.map(({ id }) => id)).toEqual(['pair'])
  })

  test('what says the same already stays at its version, as jsonb and as text', async () => {
    for (const body of [{ n: 1, list: [0.1] }, { text: 'a\0b' }]) {
      const said = { ...put('users/u1', body), unlessSame: true } as const
      await documents.batch([{ op: 'delete', path: 'users/u1' }, said])
      await documents.batch([said, put('users/u2', {})])
      expect(await documents.get('users/u1')).toMatchObject({ version: 1 })
      await documents.batch([{ ...said, body: { text: 'b\0' } }])
      expect(await documents.get('users/u1')).toMatchObject({ version: 2, body: { text: 'b\0' } })
    }
  })

  test('numbers come back exact, from the smallest to the largest', async () => {
    const numbers = [5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 53), 0.1 + 0.2, 1e21, 123456789012345680000]
    await documents.batch([put('users/u1', { numbers })])
    expect((await documents.get('users/u1'))?.body).toEqual({ numbers })
  })

  test('text is ordered by code point, whatever characters it has, and ranges agree', async () => {
    const texts = ['', '\0', '\0a', '\u0001', '\u0001\0', '\u0002', '\u0003', ' ', 'A', 'Z', 'a', 'a\0', 'a\u0001', 'ab', 'é', '�', '💤']
    await documents.batch(texts.map((text, n) => day(String(n + 10), text)).toReversed())
    const ids = texts.map((_, n) => String(n + 10))
    expect(await idsIn()).toEqual(ids)
    for (const [n, from] of texts.entries()) expect(await idsIn({ from })).toEqual(ids.slice(n))
    for (const [n, text] of texts.entries()) expect(await idsIn({ equals: ['u1', text] })).toEqual([ids[n]])
  })

  test('numbers are ordered by size, before all text', async () => {
    const numbers = [-1e300, -2, -1.5, -5e-324, 0, 5e-324, 1, 1.5, 2, 10, 1e300]
    await documents.batch(numbers.map((number, n) => day(String(n + 10), number)))
    await documents.batch([day('a', ''), day('b', '\0')])
    expect(await idsIn()).toEqual([...numbers.map((_, n) => String(n + 10)), 'a', 'b'])
    expect(await idsIn({ from: -1.5, to: 1.5 })).toEqual(['12', '13', '14', '15', '16'])
    expect(await idsIn({ equals: ['u1', -0] })).toEqual(['14'])
  })

  test('times that differ in the last digit of a microsecond are ordered and kept as they were written', async () => {
    const times = ['2024-01-20T10:00:00.123456Z', '2024-01-20T10:00:00.123457Z', '2024-01-20T10:00:00.12345Z', '2024-01-20T12:00:00+02:00']
    await documents.batch(times.map((time, n) => day(String(n), time)))
    expect(await idsIn()).toEqual(['0', '1', '2', '3'])
    expect((await documents.list<{ date: string }>(byDate)).data.map(({ body }) => body.date)).toEqual(times)
  })

  test('documents of some megabytes come back whole, several in one batch', async () => {
    const bodies = [1, 2, 3].map((n) => ({
      n,
      text: 'Überlänge "\\ '.repeat(250_000),
      list: Array.from({ length: 50_000 }, (_, at) => at * n),
    }))
    await documents.batch(bodies.map((body, n) => put(`users/u${n}`, body)))
    for (const [n, body] of bodies.entries()) expect((await documents.get(`users/u${n}`))?.body).toEqual(body)
  })

  test('a value too long for an index is refused, and nothing of its batch is there', async () => {
    const noise = randomBytes(6000).toString('base64')
    await expectProblem('too_long', documents.batch([put('users/u1', {}), day('a', noise)]))
    expect(await documents.get('users/u1')).toBeUndefined()
  })

  test('claimers in two stores never take the same document', async () => {
    await using other = await openPostgresDocuments(url)
    await documents.batch(Array.from({ length: 90 }, (_, n) => put(`jobs/j${n}`, { status: 'pending', priority: 0, createdAt: String(n) })))
    const stores = [documents, other, documents, other]
    const taken = (await Promise.all(stores.map((store, n) => claimAll(store, `w${n}`, 2)))).flat()
    expect(taken).toHaveLength(90)
    expect(new Set(taken.map(idOf)).size).toBe(90)
  })

  test('a body that is no JSON is reported by its path', async () => {
    await documents.batch([put('users/u1', {})])
    await query(url, `UPDATE ${tableName(tableOf('users'))} SET body = NULL, raw = '{"a'`)
    await expect(documents.get('users/u1')).rejects.toMatchObject({ code: 'storage_corrupt', message: expect.stringContaining('users/u1') })
  })

  test.each(['', 'postgres', 'sqlite:x', 'mysql://localhost/x'])('the name %j is refused', async (name) => {
    await expectProblem('invalid', openPostgresDocuments(name))
  })
})

/** One database for all tests, empty again for each: to make one takes half a second. */
function emptied(server: Postgres): () => Promise<string> {
  let url: Promise<string> | undefined
  const statements = [...tables.values()].map((table) => `DELETE FROM ${tableName(table)}`).join('; ')
  return async () => {
    if (url !== undefined) await query(await url, statements)
    url ??= server.createDatabase().then(async (made) => {
      await (await openPostgresDocuments(made)).close()
      return made
    })
    return url
  }
}

async function query(url: string, text: string): Promise<Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function tableOf(name: string) {
  const table = tables.get(name)
  if (table === undefined) throw new Error(`No table for ${name}`)
  return table
}

function idOf({ path }: Stored): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
