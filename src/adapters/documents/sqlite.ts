import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { encodeCursor, type KeyValue } from './cursor.ts'
import { asStoreProblem, emptyLog, openFile } from './sqlite-file.ts'
import { planPage } from './sqlite-page.ts'
import { migrate } from './sqlite-tables.ts'
import { planWrite, readSql, type WritePlan } from './sqlite-write.ts'

const scheme = 'sqlite:'
const maxWrites = 500
const scrubDelayMs = 1000

interface Row extends Readonly<Record<string, string | number>> {
  readonly parent: string
  readonly id: string
  readonly version: number
  readonly body: string
}

/**
 * Documents in one SQLite file: `sqlite:PATH`, or `sqlite::memory:`. Several processes may share a file; a write waits at
 * most a second for another's.
 */
export function openSqliteDocuments(url: string, options: FailpointOptions = {}): Documents & AsyncDisposable {
  if (!url.startsWith(scheme) || url === scheme) throw new Problem('invalid', 'A SQLite store is named sqlite:PATH')
  const db = translated(() => open(url.slice(scheme.length), options))
  const prepare = cachedStatements(db)
  const scrub = delayedScrub(db, options)

  function readOne<T>(path: string): Stored<T> | undefined {
    const { collection, parent = '', id } = placeOf(path)
    const row = prepare(readSql(collection)).get(parent, id) as Row | undefined
    return row === undefined ? undefined : { path, version: row.version, body: parseBody(path, row.body) }
  }

  function readPage<T>(query: ListQuery): Page<T> {
    const { table, sql, values, key } = planPage(query)
    const rows = prepare(sql).all(...values) as unknown as Row[]
    const data = rows.slice(0, query.limit).map((row) => {
      const path = `${row.parent === '' ? '' : `${row.parent}/`}${table.segment}/${row.id}`
      return { path, version: row.version, body: parseBody<T>(path, row.body) }
    })
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
    return last === undefined ? { data } : { data, nextCursor: encodeCursor(query, keyOf(last, key)) }
  }

  function writeAll(plans: readonly WritePlan[]): void {
    db.exec('BEGIN IMMEDIATE')
    try {
      options.failpoint?.('documents:begun')
      for (const { sql, values, path, mustChange } of plans) {
        const { changes } = prepare(sql).run(...values)
        if (mustChange && changes === 0) throw new Problem('conflict', `${path} is not in the state that the write expects`)
        options.failpoint?.('documents:written-one')
      }
      options.failpoint?.('documents:written-all')
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
    options.failpoint?.('documents:committed')
  }

  async function batch(writes: readonly Write[]): Promise<void> {
    if (writes.length > maxWrites) throw new Problem('invalid', `A batch is at most ${maxWrites} writes`)
    const plans = writes.map(planWrite)
    if (plans.length === 0) return
    translated(() => writeAll(plans))
    scrub.soon()
  }

  async function close(): Promise<void> {
    if (db.isOpen) translated(scrub.close)
  }

  return {
    get: async <T>(path: string) => translated(() => readOne<T>(path)),
    list: async <T>(query: ListQuery) => translated(() => readPage<T>(query)),
    batch,
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

function keyOf(row: Row, names: readonly string[]): KeyValue[] {
  return names.map((name) => row[name] ?? '')
}

function parseBody<T>(path: string, body: string): T {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new Problem('storage_corrupt', `The document ${path} cannot be read`, { cause })
  }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreProblem(error)
  }
}
