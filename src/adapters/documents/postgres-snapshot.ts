import { placeOf } from '../../model/collections.ts'
import type { Documents, ListQuery, Page, Stored } from '../../ports/documents.ts'
import { type Ask, openPostgres } from '../postgres/pool.ts'
import { asPostgresProblem } from '../postgres/problem.ts'
import { planPage } from './page.ts'
import { named, planning, postgresDialect, readStatement } from './postgres-dialect.ts'
import { readOnly } from './read-only.ts'
import { pageOf, parseBody, rowOf } from './rows.ts'
import { tableFor } from './tables.ts'

// As pg_dump reads. A backup may rest for long between two pages while it copies objects.
const settings = `${planning};
  SET default_transaction_isolation = 'repeatable read';
  SET default_transaction_read_only = on;
  SET idle_in_transaction_session_timeout = 0`

/**
 * The documents of a PostgreSQL store as they are at this moment, whoever writes meanwhile: one read-only transaction, open until it is
 * closed. Writes are refused.
 */
export async function snapshotPostgresDocuments(url: string): Promise<Documents & AsyncDisposable> {
  const postgres = await openPostgres(url, { connections: 1, settings })
  const begun = Promise.withResolvers<Ask>()
  const end = Promise.withResolvers<void>()
  const held = postgres.transaction(
    async (ask) => {
      // The moment is that of the first statement, not of BEGIN.
      await ask({ text: 'SELECT 1' })
      begun.resolve(ask)
      await end.promise
    },
    { attempts: 1 },
  )
  held.catch(begun.reject)
  const within = await begun.promise.catch(async (error) => {
    await postgres.close()
    throw error
  })
  const ask: Ask = (statement) => within(statement).catch((error) => Promise.reject(asPostgresProblem(error)))

  async function close(): Promise<void> {
    end.resolve()
    // A connection that broke has failed the call that needed it.
    await held.catch(() => undefined)
    await postgres.close()
  }

  return readOnly({ get: (path) => readOne(ask, path), list: (query) => readPage(ask, query), close })
}

async function readOne<T>(ask: Ask, path: string): Promise<Stored<T> | undefined> {
  const { collection, parent = '', id } = placeOf(path)
  const [row] = (await ask(readStatement(tableFor(collection), parent, id))).rows
  return row === undefined ? undefined : { path, version: Number(row.version), body: parseBody(path, String(row.body)) }
}

async function readPage<T>(ask: Ask, query: ListQuery): Promise<Page<T>> {
  const plan = planPage(postgresDialect, query)
  const { rows } = await ask(named(plan.sql, plan.values))
  return pageOf(
    query,
    plan,
    rows.map((row) => rowOf(plan, row)),
  )
}
