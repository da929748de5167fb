import type { DatabaseSync } from 'node:sqlite'
import { Problem } from '../../model/problem.ts'
import type { UserAnalytics } from '../../model/user-analytics.ts'
import type { UserTrend } from '../../model/user-trend.ts'
import type { Average, AveragesQuery, Warehouse } from '../../ports/warehouse.ts'
import { asStoreProblem, emptyLog, type FileKind, openFile } from '../documents/sqlite-file.ts'
import { layout } from './sqlite-layout.ts'
import { type ColumnKind, columnOf, newest, type Table, upsertOf, userAnalytics, userTrends } from './tables.ts'

const scheme = 'sqlite:'
// 'CLOW'
const warehouseFile: FileKind = { applicationId: 0x43_4c_4f_57, layoutVersion: 1 }

type Value = string | number | null

/**
 * The warehouse in one SQLite file of its own: `sqlite:PATH`, or `sqlite::memory:`. Names are those of the PostgreSQL tables;
 * decimals are REAL. Several processes may share a file; a write waits at most a second for another's.
 */
export function openSqliteWarehouse(url: string): Warehouse & AsyncDisposable {
  if (!url.startsWith(scheme) || url === scheme) throw new Problem('invalid', 'A SQLite warehouse is named sqlite:PATH')
  const db = translated(() => open(url.slice(scheme.length)))

  function putAll<Row extends { readonly revision: number }>(table: Table<Row>, rows: readonly Row[]): void {
    const upsert = db.prepare(upsertOf(table, `VALUES (${table.columns.map(() => '?').join(', ')})`))
    inTransaction(db, () => {
      for (const row of newest(table, rows)) upsert.run(...table.columns.map(({ field, kind }) => storedOf(row[field], kind)))
    })
  }

  function find<Row>(table: Table<Row>, condition: string, values: readonly Value[]): Row[] {
    const names = table.columns.map(({ name }) => name).join(', ')
    const found = db.prepare(`SELECT ${names} FROM ${table.name} WHERE ${condition}`).all(...values)
    return found.map((row) => rowOf<Row>(table, row))
  }

  function averages({ userIds, field, hrvKind, leastWorn, from, to, leastDays }: AveragesQuery): Average[] {
    const column = columnOf(userAnalytics, field)
    const text = `SELECT user_id AS userId, avg(${column}) AS mean FROM user_analytics
      WHERE user_id IN (SELECT value FROM json_each(?1)) AND date BETWEEN ?2 AND ?3 AND ${column} IS NOT NULL
        AND (?4 IS NULL OR hrv_kind = ?4)
        AND (?5 IS NULL OR coalesce(data_quality_score, 0) = 0 OR data_quality_score >= ?5)
      GROUP BY user_id HAVING count(*) >= ?6`
    const values = [JSON.stringify(userIds), from, to, hrvKind ?? null, leastWorn ?? null, leastDays]
    return db.prepare(text).all(...values) as unknown as Average[]
  }

  async function close(): Promise<void> {
    if (!db.isOpen) return
    try {
      translated(() => emptyLog(db))
    } finally {
      db.close()
    }
  }

  return {
    putAnalytics: async (rows) => translated(() => putAll<UserAnalytics>(userAnalytics, rows)),
    putTrends: async (rows) => translated(() => putAll<UserTrend>(userTrends, rows)),
    analytics: async ({ userId, from, to }) =>
      translated(() => find(userAnalytics, 'user_id = ? AND date BETWEEN ? AND ? ORDER BY date', [userId, from, to])),
    trends: async ({ userId, trendType, from, to }) =>
      translated(() =>
        find(userTrends, 'user_id = ? AND trend_type = ? AND period_start BETWEEN ? AND ? ORDER BY period_start', [
          userId,
          trendType,
          from,
          to,
        ]),
      ),
    averages: async (query) => translated(() => averages(query)),
    delete: async ({ userId, from, to }) =>
      translated(() =>
        inTransaction(db, () => {
          db.prepare('DELETE FROM user_analytics WHERE user_id = ? AND date BETWEEN ? AND ?').run(userId, from, to)
          db.prepare('DELETE FROM user_trends WHERE user_id = ? AND period_start <= ? AND period_end >= ?').run(userId, to, from)
        }),
      ),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function open(path: string): DatabaseSync {
  const db = openFile(path, warehouseFile)
  try {
    if (db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined) inTransaction(db, () => db.exec(layout))
    // As with documents: nothing may be added behind a log whose sync failed.
    emptyLog(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** The log is emptied at once: what was replaced or deleted stays legible in it until then. */
function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
  emptyLog(db)
}

function storedOf(value: unknown, kind: ColumnKind): Value {
  if (value === undefined) return null
  if (kind === 'json') return JSON.stringify(value)
  // SQL's decimals know no −0.
  return typeof value === 'number' ? value + 0 : String(value)
}

function rowOf<Row>({ name, columns }: Table<Row>, found: Readonly<Record<string, unknown>>): Row {
  const known = columns.filter((column) => found[column.name] !== null)
  return Object.fromEntries(
    known.map(({ field, name: column, kind }) => [field, kind === 'json' ? parse(name, String(found[column])) : found[column]]),
  ) as Row
}

function parse(table: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('storage_corrupt', `A row of ${table} cannot be read`, { cause })
  }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asStoreProblem(error)
  }
}
