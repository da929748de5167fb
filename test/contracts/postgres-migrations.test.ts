import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { keyOf } from '../../src/adapters/documents/postgres-key.ts'
import { applyMigrations, readMigrations, statementsOf } from '../../src/adapters/postgres/migrations.ts'
import { openPostgres } from '../../src/adapters/postgres/pool.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { expectProblem, put } from './expectations.ts'

const opener = fileURLToPath(import.meta.resolve('./postgres-opener.ts'))
const migrations = await readMigrations('documents')
const statementCount = migrations.flatMap(({ sql }) => statementsOf(sql)).length

describeEngine('migrations of PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())
  let url = ''
  beforeEach(async () => {
    url = await server.createDatabase()
  })

  test('of processes that open an empty database at once one makes the tables, and all open', async () => {
    const said = await Promise.all([1, 2, 3].map(() => open(url)))
    expect(said.sort()).toEqual(['open 0', 'open 0', `open ${statementCount}`])
  })

  test.each([1, Math.floor(statementCount / 2), statementCount])(
    'killed after statement %d, the next process does it all, and then there is nothing left to do',
    async (nth) => {
      expect(await open(url, nth)).toBe('SIGKILL')
      expect(await tablesIn(url)).toEqual([])
      expect(await open(url)).toBe(`open ${statementCount}`)
      expect(await open(url)).toBe('open 0')
    },
  )

  test('a failure after any statement leaves nothing, and the next opening does it all', async () => {
    for (let nth = 1; nth <= statementCount; nth += 4) {
      let statements = 0
      const failpoint = (name: string) => {
        if (name === 'documents:migrated-one' && ++statements === nth) throw new Error('planted')
      }
      await expect(openPostgresDocuments(url, { failpoint })).rejects.toThrow('planted')
      expect(await tablesIn(url)).toEqual([])
    }
    await using documents = await openPostgresDocuments(url)
    await documents.batch([put('users/u1', {})])
  })

  test('a migration under load waits in short turns for a lock, and the load goes on', async () => {
    await using postgres = await openPostgres(url)
    await using documents = await openPostgresDocuments(url)
    await using holder = await openPostgres(url)
    const locked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const held = holder.transaction(async (ask) => {
      await ask({ text: 'LOCK TABLE documents."users" IN SHARE MODE' })
      locked.resolve()
      await released.promise
    })
    await locked.promise
    const later = [{ name: '900-later.sql', sql: 'ALTER TABLE documents."users" ADD COLUMN later text;' }]
    const migrated = applyMigrations(postgres, 'documents', later)
    // Refused by the holder's lock after the one second that a write waits; the migration meanwhile tries again.
    await expectProblem('unavailable', documents.batch([put('users/u1', {})]))
    released.resolve()
    await Promise.all([held, migrated])
    await documents.batch([put('users/u1', {})])
    expect(await documents.get('users/u1')).toBeDefined()
  })

  test('a migration that was changed after it was applied is refused', async () => {
    await using postgres = await openPostgres(url)
    await applyMigrations(postgres, 'x', [{ name: '001.sql', sql: 'CREATE TABLE x (a int);' }])
    await applyMigrations(postgres, 'x', [{ name: '001.sql', sql: 'CREATE TABLE x (a int);' }])
    await expectProblem('unavailable', applyMigrations(postgres, 'x', [{ name: '001.sql', sql: 'CREATE TABLE x (a text);' }]))
  })

  test('a program that does not know the newest migration opens the database all the same', async () => {
    await (await openPostgresDocuments(url)).close()
    await using postgres = await openPostgres(url)
    await applyMigrations(postgres, 'documents', [{ name: '900-later.sql', sql: 'ALTER TABLE documents."users" ADD COLUMN later text;' }])
    await using documents = await openPostgresDocuments(url)
    await documents.batch([put('users/u1', {})])
    expect(await documents.get('users/u1')).toBeDefined()
  })

  test('the key that SQL makes of a value, to fill a new column, is ours', async () => {
    await (await openPostgresDocuments(url)).close()
    await using postgres = await openPostgres(url)
    const values = [0, 1, -1, 1.5, -1.5, 5e-324, 1e300, -1e300, 0.1 + 0.2, '', 'a', '\u0001', '\u0002x', 'a\u0001', 'é', '💤', '2024-01-20']
    for (const value of values) {
      const { rows } = await postgres.ask({ text: 'SELECT documents.index_key($1::jsonb) AS key', values: [JSON.stringify(value)] })
      expect(rows[0]?.key).toBe(keyOf(value))
    }
    const { rows } = await postgres.ask({
      text: `SELECT documents.index_key('{}') AS a, documents.index_key('null') AS b, documents.index_key(NULL) AS c`,
    })
    expect(rows).toEqual([{ a: null, b: null, c: null }])
  })
})

/** What the opener said last, or the signal that ended it. */
function open(url: string, nth?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [opener, url, ...(nth === undefined ? [] : [String(nth)])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', reject)
    child.once('close', (_, signal) => resolve(signal ?? said.trim()))
  })
}

async function tablesIn(url: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname IN ('documents', 'public')`)
  await client.end()
  return rows
}
