import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { beginClaim, type Claim } from './claims.ts'
import { planPage } from './page.ts'
import { pageOf, parseBody, type Row } from './rows.ts'
import { groupCommits, transact } from './sqlite-commits.ts'
import { readSql, sqliteDialect, writeSql, writeValues } from './sqlite-dialect.ts'
import { asStoreProblem, emptyLog, openFile } from './sqlite-file.ts'
import { migrate } from './sqlite-tables.ts'
import { planWrites } from './writes.ts'

const scheme = 'sqlite:'
const scrubDelayMs = 1000

/**
 * Documents in one SQLite file: `sqlite:PATH`, or `sqlite::memory:`. Several processes may share a file; a write waits at
 * most a second for another's. Batches that come at once share one sync of the disk.
 */
export function openSqliteDocuments(url: string, options: FailpointOptions = {}): Documents & AsyncDisposable {
  if (!url.startsWith(scheme) || url === scheme) throw new Problem('invalid', 'A SQLite store is named sqlite:PATH')
  const db = translated(() => open(url.slice(scheme.length), options))
  const prepare = cachedStatements(db)
  const scrub = delayedScrub(db, options)
  const commits = groupCommits(db, prepare, options)

  function readOne<T>(path: string): Stored<T> | undefined {
    const { collection, parent = '', id } = placeOf(path)
    const row = prepare(readSql(collection)).get(parent, id) as Row | undefined
    return row === undefined ? undefined : { path, version: row.version, body: parseBody(path, row.body) }
  }

  function readPage<T>(query: ListQuery): Page<T> {
    const plan = planPage(sqliteDialect, query)
    return pageOf(query, plan, prepare(plan.sql).all(...plan.values) as unknown as Row[])
  }

  function claimAll<T extends object>(claim: Claim): Stored<T>[] {
    let cursor: string | undefined
    for (let query = claim.next(); query !== undefined; query = cursor === undefined ? undefined : claim.next(cursor)) {
      const { data, nextCursor } = readPage(query)
      for (const found of data) {
        const plan = claim.take(found)
        if (plan === undefined) continue
        prepare(writeSql(plan)).run(...writeValues(plan))
        options.failpoint?.('documents:written-one')
      }
      cursor = nextCursor
    }
    return claim.taken as Stored<T>[]
  }

  async function batch(writes: readonly Write[]): Promise<void> {
    const plans = planWrites(writes)
    if (plans.length === 0) return
    await commits.add(plans).catch(rejectTranslated)
    scrub.soon()
  }

  async function claim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined): Promise<Stored<T>[]> {
    const begun = beginClaim(query, change)
    const taken = translated(() => transact(db, options, () => claimAll<T>(begun)))
    if (taken.length > 0) scrub.soon()
    return taken
  }

  async function close(): Promise<void> {
    if (!db.isOpen) return
    commits.flush()
    translated(scrub.close)
  }

  return {
    get: async <T>(path: string) => translated(() => readOne<T>(path)),
    list: async <T>(query: ListQuery) => translated(() => readPage<T>(query)),
    batch,
    claim,
    actingFor(this: Documents) {
      return this
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function open(path: string, options: FailpointOptions): DatabaseSync {
  const db = openFile(path)
  try {
    migrate(db, options)
    // A log whose sync once failed may hold a commit that is in memory but not on the disk; nothing may be added behind it.
    emptyLog(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function cachedStatements(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

interface Scrub {
  soon(): void
  close(): void
}

/** What was deleted or replaced stays legible in the log until the log is emptied. */
function delayedScrub(db: DatabaseSync, { failpoint }: FailpointOptions): Scrub {
  let timer: NodeJS.Timeout | undefined

  function run(): void {
    timer = undefined
    let isDone = false
    try {
      isDone = emptyLog(db)
      failpoint?.('documents:scrubbed')
    } catch {
      // Nobody waits for this call. A disk that failed here fails the next write, which says so.
    }
    if (!isDone) soon()
  }

  function soon(): void {
    timer ??= setTimeout(run, scrubDelayMs).unref()
  }

  function close(): void {
    clearTimeout(timer)
    try {
      emptyLog(db)
      failpoint?.('documents:scrubbed')
    } finally {
      db.close()
    }
  }

  return { soon, close }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreProblem(error)
  }
}

function rejectTranslated(error: unknown): never {
  throw asStoreProblem(error)
}
