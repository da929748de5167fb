import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { applyMigrations, readMigrations } from '../postgres/migrations.ts'
import { type Ask, type Asking, openPostgres, type Postgres, type Reply } from '../postgres/pool.ts'
import { beginClaim, type Claim } from './claims.ts'
import { planPage } from './page.ts'
import { named, planning, postgresDialect, type Run, readStatement, runsOf } from './postgres-dialect.ts'
import { hasWall, isNobodys, walledOff, walling } from './postgres-wall.ts'
import { pageOf, parseBody, type Row } from './rows.ts'
import { tableFor } from './tables.ts'
import { conflictAt, planWrites } from './writes.ts'

export interface PostgresDocumentsOptions extends FailpointOptions {
  /** At most so many at once; 10 when absent. */
  readonly connections?: number
}

/**
 * Documents in a PostgreSQL database, whose tables are made and brought up to date: `postgres://…`. Any number of processes
 * may share it. Its encoding must be UTF8.
 */
export async function openPostgresDocuments(url: string, options: PostgresDocumentsOptions = {}): Promise<Documents & AsyncDisposable> {
  const { failpoint, ...pool } = options
  const postgres = await openPostgres(url, { ...pool, settings: `${planning};${walling}` })
  try {
    await checkEncoding(postgres)
    const migrations = await readMigrations('documents')
    await applyMigrations(postgres, 'documents', migrations, { onStatement: () => failpoint?.('documents:migrated-one') })
    return opened(postgres, await hasWall(postgres), options)
  } catch (error) {
    await postgres.close()
    throw error
  }
}

function opened(postgres: Postgres, isWalled: boolean, options: FailpointOptions): Documents & AsyncDisposable {
  const { close } = postgres
  const all = documentsIn(postgres, options)
  const over = (asked: typeof all): Documents => ({
    ...asked,
    // What is nobody's is there for everybody, and needs no transaction that says for whom.
    get: async (path) => (isNobodys(placeOf(path).collection) ? all : asked).get(path),
    actingFor(userId): Documents {
      return isWalled ? over(documentsIn(walledOff(postgres, userId), options)) : this
    },
    close,
  })
  return { ...over(all), [Symbol.asyncDispose]: close }
}

function documentsIn(postgres: Asking, { failpoint }: FailpointOptions): Omit<Documents, 'actingFor' | 'close'> {
  async function get<T>(path: string): Promise<Stored<T> | undefined> {
    const { collection, parent = '', id } = placeOf(path)
    const { rows } = await postgres.read(readStatement(tableFor(collection), parent, id))
    const [row] = rows
    return row === undefined ? undefined : { path, version: Number(row.version), body: parseBody(path, String(row.body)) }
  }

  async function readPage<T>(ask: Ask, query: ListQuery, locking = ''): Promise<Page<T>> {
    const plan = planPage(postgresDialect, query)
    return pageOf(query, plan, rowsOf(await ask(named(`${plan.sql}${locking}`, plan.values))))
  }

  async function write(ask: Ask, runs: readonly Run[]): Promise<void> {
    const asked = runs.map(async (run) => {
      check(run, await ask(run.statement))
      failpoint?.('documents:written-one')
    })
    await Promise.all(asked)
  }

  async function batch(writes: readonly Write[]): Promise<void> {
    const runs = runsOf(planWrites(writes))
    const [first] = runs
    if (first === undefined) return
    // One statement that a failed precondition leaves without effect needs no transaction around it.
    if (runs.length === 1 && (first.plans.length === 1 || first.least === 0)) check(first, await postgres.ask(first.statement))
    else
      await postgres.transaction(async (ask) => {
        failpoint?.('documents:begun')
        await write(ask, runs)
        failpoint?.('documents:written-all')
      })
    failpoint?.('documents:committed')
  }

  async function claimWithin(ask: Ask, claim: Claim): Promise<void> {
    let cursor: string | undefined
    for (let query = claim.next(); query !== undefined; query = cursor === undefined ? undefined : claim.next(cursor)) {
      const { data, nextCursor } = await readPage(ask, query, ' FOR UPDATE SKIP LOCKED')
      await write(ask, runsOf(data.map(claim.take).filter((plan) => plan !== undefined)))
      cursor = nextCursor
    }
  }

  async function claim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined): Promise<Stored<T>[]> {
    const taken = await postgres.transaction(async (ask) => {
      failpoint?.('documents:begun')
      const begun = beginClaim(query, change)
      await claimWithin(ask, begun)
      failpoint?.('documents:written-all')
      return begun.taken
    })
    failpoint?.('documents:committed')
    return taken as Stored<T>[]
  }

  return {
    get,
    list: <T>(query: ListQuery) => readPage<T>(postgres.read, query),
    batch,
    claim,
  }
}

async function checkEncoding(postgres: Postgres): Promise<void> {
  const { rows } = await postgres.read({ text: `SELECT current_setting('server_encoding') AS encoding` })
  if (rows[0]?.encoding !== 'UTF8')
    throw new Problem('unavailable', 'The PostgreSQL database is not in UTF8; create one with ENCODING UTF8')
}

function check({ plans, least }: Run, { count }: Reply): void {
  if (count >= least) return
  const [first] = plans
  throw plans.length === 1 ? conflictAt(first?.path ?? '') : conflictAt(`One of ${plans.length} documents from ${first?.path} on`)
}

function rowsOf({ rows }: Reply): Row[] {
  return rows.map((row) => ({ ...row, version: Number(row.version) }) as Row)
}
