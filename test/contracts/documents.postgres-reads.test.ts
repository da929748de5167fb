import { Client } from 'pg'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { put } from './expectations.ts'
import { endConnections, someoneWaits } from './postgres-waits.ts'

describeEngine('documents that PostgreSQL is asked for at once', await startPostgres(), (server) => {
  let documents: Documents
  let other: Client
  beforeEach(async () => {
    const url = await server.createDatabase()
    documents = await openPostgresDocuments(url)
    await documents.batch([put('users/a', { n: 1 }), put('users/b', { n: 1 })])
    other = new Client({ connectionString: url })
    await other.connect()
  })
  afterEach(async () => {
    await other.end()
    await documents.close()
  })
  afterAll(() => server.stop())

  test('they share a connection, whomever they are for, and each answer goes to who asked', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => ['a', 'b', 'c'][n % 3] as string)
    const found = await Promise.all(ids.map((id, n) => (n % 2 === 0 ? documents.actingFor(id) : documents).get(`users/${id}`)))
    expect(found.map((each) => each?.path)).toEqual(ids.map((id) => (id === 'c' ? undefined : `users/${id}`)))
    const { rows } = await other.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    )
    expect(rows[0].count).toBeLessThanOrEqual(2)
  })

  test('one that may not be read is nobody else’s trouble', async () => {
    const [wrong, right] = await Promise.allSettled([documents.actingFor('a').get('auditLogs/1'), documents.actingFor('a').get('users/a')])
    expect([wrong.status, right]).toMatchObject(['rejected', { status: 'fulfilled', value: { path: 'users/a' } }])
  })

  test('where their connection ends each is asked for once more', async () => {
    await other.query('BEGIN')
    await other.query('LOCK TABLE documents."users" IN ACCESS EXCLUSIVE MODE')
    const found = Promise.all(['a', 'b', 'c'].map((id) => documents.get(`users/${id}`)))
    await someoneWaits(other)
    await endConnections(other, 'active')
    await other.query('ROLLBACK')
    expect(await found).toMatchObject([{ path: 'users/a' }, { path: 'users/b' }, undefined])
  })
})
