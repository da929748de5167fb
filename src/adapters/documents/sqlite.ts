import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type CollectionName, placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { beginClaim, type Claim } from './claims.ts'
import { planPage } from './page.ts'
import { pageOf, parseBody, type Row } from './rows.ts'
import { type Commits, groupCommits } from './sqlite-commits.ts'
import { readSql, sqliteDialect, writeSql, writeValues } from './sqlite-dialect.ts'
import { asStoreProblem, cachedStatements, emptyLog, openFile, type Prepare } from './sqlite-file.ts'
import { commitGroup, transact } from './sqlite-group.ts'
import { migrate } from './sqlite-tables.ts'
import { startWriterThread, type WriterThread } from './sqlite-thread.ts'
import { planWrites } from './writes.ts'

const scheme = 'sqlite:'
const scrubDelayMs = 1000

export interface SqliteDocumentsOptions extends FailpointOptions {
  /** Batches are committed in a thread beside this one, which goes on while the disk syncs: for a process that has more to do than to write. */
  readonly isBusy?: boolean
}

/**
 * Documents in one SQLite file: `sqlite:PATH`, or `sqlite::memory:`. Several processes may share a file; a write waits at
 * most a second for another's. Batches that come at once share one sync of the disk.
 */
export function openSqliteDocuments(url: string, options: SqliteDocumentsOptions = {}): Documents & AsyncDisposable {
  if (!url.startsWith(scheme) || url === scheme) throw new Problem('invalid', 'A SQLite store is named sqlite:PATH')
  const path = url.slice(scheme.length)
  const db = translated(() => open(path, options))
  const prepare = cachedStatements(db)
  // Failpoints stop this thread, and a store in memory is seen by no other.
  const thread = options.isBusy && path !== ':memory:' && options.failpoint === undefined ? startWriterThread(path) : undefined
  const commits = groupCommits(
    thread?.commit ??
      ((batches) =>
        commitGroup(
          db,
          prepare,
          options,
          batches.map(({ plans }) => plans),
        )),
  )
  const scrub = delayedScrub(db, thread, commits, options)

  const { readOne, readPage } = readsOf(prepare)

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
    const taken = await commits.between(() => translated(() => transact(db, options, () => claimAll<T>(begun))))
    if (taken.length > 0) scrub.soon()
    return taken
  }

  async function close(): Promise<void> {
    if (!db.isOpen) return
    await commits.between(async () => {
      await thread?.end()
      if (db.isOpen) translated(scrub.close)
    })
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

function readsOf(prepare: Prepare) {
  const reads = new Map<CollectionName, StatementSync>()

  /** Its rows are arrays: names of columns would be made text for each. */
  function readOf(collection: CollectionName): StatementSync {
    const statement = prepare(readSql(collection))
    statement.setReturnArrays(true)
    reads.set(collection, statement)
    return statement
  }

  function readOne<T>(path: string): Stored<T> | undefined {
    const { collection, parent = '', id } = placeOf(path)
    const row = (reads.get(collection) ?? readOf(collection)).get(parent, id) as unknown as [number, string] | undefined
    return row === undefined ? undefined : { path, version: row[0], body: parseBody(path, row[1]) }
  }

  function readPage<T>(query: ListQuery): Page<T> {
    const plan = planPage(sqliteDialect, query)
    const statement = prepare(plan.sql)
    statement.setReturnArrays(true)
    return pageOf(query, plan, statement.all(...plan.values) as unknown as Row[])
  }

  return { readOne, readPage }
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

interface Scrub {
  soon(): void
  close(): void
}

/** What was deleted or replaced stays legible in the log until the log is emptied. */
function delayedScrub(db: DatabaseSync, thread: WriterThread | undefined, commits: Commits, { failpoint }: FailpointOptions): Scrub {
  let timer: NodeJS.Timeout | undefined

  async function run(): Promise<void> {
    let isDone = false
    try {
      // What is moved before, while others write, nobody waits for.
      await thread?.moveMost()
      isDone = await commits.between(() => (db.isOpen ? (thread?.emptyLog() ?? emptyLog(db)) : true))
      failpoint?.('documents:scrubbed')
    } catch {
      // Nobody waits for this call. A disk that failed here fails the next write, which says so.
    }
    timer = undefined
    if (!isDone && db.isOpen) soon()
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
