import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { applyMigrations, readMigrations } from '../postgres/migrations.ts'
import { type Ask, type Asking, openPostgres, type Postgres } from '../postgres/pool.ts'
import { beginClaim, type Claim } from './claims.ts'
import { planPage } from './page.ts'
import { commitAlone, laneCommits, writeRuns } from './postgres-commits.ts'
import { named, planning, postgresDialect, readStatement, runsOf } from './postgres-dialect.ts'
import { hasWall, isNobodys, noWall, wall, walling } from './postgres-wall.ts'
import { pageOf, parseBody, rowOf } from './rows.ts'
import { tableFor } from './tables.ts'
import { planWrites, type WritePlan } from './writes.ts'

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
  const all = documentsIn(postgres, (plans) => commitAlone(postgres, plans, options), options)
  const way = isWalled ? wall(postgres) : noWall(postgres)
  const commit = laneCommits(postgres, way, options)
  const over = (asked: typeof all): Documents => ({
    ...asked,
    // What is nobody's is there for everybody, and needs no transaction that says for whom.
    get: async (path) => (isNobodys(placeOf(path).collection) ? all : asked).get(path),
    actingFor: (userId) => over(documentsIn(way.alone(userId), (plans) => commit(plans, userId), options)),
    close,
  })
  return { ...over(all), [Symbol.asyncDispose]: close }
}

type Commit = (plans: readonly WritePlan[]) => Promise<void>

function documentsIn(postgres: Asking, commit: Commit, options: FailpointOptions): Omit<Documents, 'actingFor' | 'close'> {
  const { failpoint } = options

  async function get<T>(path: string): Promise<Stored<T> | undefined> {
    const { collection, parent = '', id } = placeOf(path)
    const { rows } = await postgres.look(readStatement(tableFor(collection), parent, id))
    const [row] = rows
    return row === undefined ? undefined : { path, version: Number(row.version), body: parseBody(path, String(row.body)) }
  }

  async function readPage<T>(ask: Ask, query: ListQuery, locking = ''): Promise<Page<T>> {
    const plan = planPage(postgresDialect, query)
    const { rows } = await ask(named(`${plan.sql}${locking}`, plan.values))
    return pageOf(
      query,
      plan,
      rows.map((row) => rowOf(plan, row)),
    )
  }

  async function batch(writes: readonly Write[]): Promise<void> {
    const plans = planWrites(writes)
    if (plans.length > 0) await commit(plans)
  }

  async function claimWithin(ask: Ask, claim: Claim): Promise<void> {
    let cursor: string | undefined
    for (let query = claim.next(); query !== undefined; query = cursor === undefined ? undefined : claim.next(cursor)) {
      const { data, nextCursor } = await readPage(ask, query, ' FOR UPDATE SKIP LOCKED')
      await writeRuns(ask, runsOf(data.map(claim.take).filter((plan) => plan !== undefined)), options)
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
