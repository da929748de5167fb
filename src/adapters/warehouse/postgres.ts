import type { UserAnalytics } from '../../model/user-analytics.ts'
import type { UserTrend } from '../../model/user-trend.ts'
import type { Average, AveragesQuery, Warehouse } from '../../ports/warehouse.ts'
import { applyMigrations, readMigrations } from '../postgres/migrations.ts'
import { openPostgres } from '../postgres/pool.ts'
import { type Column, type ColumnKind, columnOf, newest, type Table, upsertOf, userAnalytics, userTrends } from './tables.ts'

/**
 * The warehouse in a PostgreSQL, as `migrations/warehouse` makes it: `postgres://…`, the documents' own database or another.
 * Decimals are exact there; they come and go as the nearest number.
 */
export async function openPostgresWarehouse(url: string): Promise<Warehouse & AsyncDisposable> {
  const postgres = await openPostgres(url, { connections: 4 })
  try {
    await applyMigrations(postgres, 'warehouse', await readMigrations('warehouse'))
  } catch (error) {
    await postgres.close()
    throw error
  }

  async function putAll<Row extends { readonly revision: number }>(table: Table<Row>, rows: readonly Row[]): Promise<void> {
    const kept = newest(table, rows)
    if (kept.length > 0) await postgres.ask({ name: `put ${table.name}`, text: putOf(table), values: [jsonOf(table, kept)] })
  }

  async function find<Row>(table: Table<Row>, condition: string, values: readonly string[]): Promise<Row[]> {
    const { rows } = await postgres.read({ text: `SELECT ${selectionOf(table)} FROM ${table.name} WHERE ${condition}`, values })
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row)
  }

  async function averages({ userIds, field, hrvKind, leastWorn, from, to, leastDays }: AveragesQuery): Promise<Average[]> {
    const column = columnOf(userAnalytics, field)
    const text = `SELECT user_id AS "userId", avg(${column})::float8 AS mean FROM user_analytics
      WHERE user_id = ANY($1) AND date BETWEEN $2 AND $3 AND ${column} IS NOT NULL
        AND ($4::text IS NULL OR hrv_kind = $4)
        AND ($5::numeric IS NULL OR coalesce(data_quality_score, 0) = 0 OR data_quality_score >= $5)
      GROUP BY user_id HAVING count(*) >= $6`
    const values = [userIds, from, to, hrvKind ?? null, leastWorn ?? null, leastDays]
    return (await postgres.read({ text, values })).rows as unknown as Average[]
  }

  return {
    putAnalytics: (rows) => putAll<UserAnalytics>(userAnalytics, rows),
    putTrends: (rows) => putAll<UserTrend>(userTrends, rows),
    analytics: ({ userId, from, to }) =>
      find(userAnalytics, 'user_id = $1 AND date BETWEEN $2 AND $3 ORDER BY user_analytics.date', [userId, from, to]),
    trends: ({ userId, trendType, from, to }) =>
      find(userTrends, 'user_id = $1 AND trend_type = $2 AND period_start BETWEEN $3 AND $4 ORDER BY user_trends.period_start', [
        userId,
        trendType,
        from,
        to,
      ]),
    averages,
    delete: ({ userId, from, to }) =>
      postgres.transaction(async (ask) => {
        const values = [userId, from, to]
        await Promise.all([
          ask({ text: 'DELETE FROM user_analytics WHERE user_id = $1 AND date BETWEEN $2 AND $3', values }),
          ask({ text: 'DELETE FROM user_trends WHERE user_id = $1 AND period_end >= $2 AND period_start <= $3', values }),
        ])
      }),
    close: postgres.close,
    [Symbol.asyncDispose]: postgres.close,
  }
}

/** All rows in one statement and one value: a JSON array of objects by column name. */
function putOf<Row>(table: Table<Row>): string {
  const names = table.columns.map(({ name }) => name).join(', ')
  return upsertOf(table, `SELECT ${names} FROM json_populate_recordset(NULL::${table.name}, $1::json)`)
}

function jsonOf<Row>({ columns }: Table<Row>, rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => Object.fromEntries(columns.map(({ field, name }) => [name, row[field]]))))
}

function selectionOf<Row>({ columns }: Table<Row>): string {
  return columns.map((column) => `${selections[column.kind](column)} AS "${column.field}"`).join(', ')
}

const selections: Readonly<Record<ColumnKind, (column: Column) => string>> = {
  text: ({ name }) => name,
  json: ({ name }) => name,
  integer: ({ name }) => `${name}::float8`,
  decimal: ({ name }) => `${name}::float8`,
  date: ({ name }) => `to_char(${name}, 'YYYY-MM-DD')`,
  instant: ({ name }) => `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
}
