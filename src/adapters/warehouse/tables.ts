import { Problem } from '../../model/problem.ts'
import type { UserAnalytics } from '../../model/user-analytics.ts'
import type { UserTrend } from '../../model/user-trend.ts'

export type ColumnKind = 'text' | 'date' | 'instant' | 'integer' | 'decimal' | 'json'

export interface Column<Field extends string = string> {
  /** In the row: `totalSteps`. */
  readonly field: Field
  /** In SQL: `total_steps`. */
  readonly name: string
  readonly kind: ColumnKind
}

export interface Table<Row> {
  readonly name: string
  readonly columns: readonly Column<keyof Row & string>[]
  /** Fields of the columns that make a row unique, the date last. */
  readonly key: readonly (keyof Row & string)[]
}

export const userAnalytics: Table<UserAnalytics> = {
  name: 'user_analytics',
  key: ['userId', 'date'],
  columns: columnsOf<UserAnalytics>({
    userId: 'text',
    date: 'date',
    totalSleepHours: 'decimal',
    sleepEfficiency: 'decimal',
    deepSleepHours: 'decimal',
    lightSleepHours: 'decimal',
    remSleepHours: 'decimal',
    totalSteps: 'integer',
    activeMinutes: 'integer',
    caloriesBurned: 'integer',
    distanceMeters: 'decimal',
    restingHeartRate: 'integer',
    averageHeartRate: 'integer',
    maxHeartRate: 'integer',
    heartRateVariability: 'integer',
    hrvKind: 'text',
    dataQualityScore: 'decimal',
    timezone: 'text',
    revision: 'integer',
    processingTimestamp: 'instant',
  }),
}

export const userTrends: Table<UserTrend> = {
  name: 'user_trends',
  key: ['userId', 'trendType', 'periodStart'],
  columns: columnsOf<UserTrend>({
    userId: 'text',
    trendType: 'text',
    periodStart: 'date',
    periodEnd: 'date',
    trendData: 'json',
    improvementScore: 'decimal',
    trendDirection: 'text',
    confidenceLevel: 'decimal',
    revision: 'integer',
    calculatedAt: 'instant',
  }),
}

/** `INSERT INTO … <source> …`, where the higher revision wins. `source` gives the columns in their order. */
export function upsertOf<Row>({ name, columns, key }: Table<Row>, source: string): string {
  const names = columns.map((column) => column.name)
  const changes = names.map((column) => `${column} = excluded.${column}`)
  return `INSERT INTO ${name} (${names.join(', ')}) ${source} ON CONFLICT (${key.map(snakeCase).join(', ')})
    DO UPDATE SET ${changes.join(', ')} WHERE ${name}.revision < excluded.revision`
}

/** The column of a field. */
export function columnOf<Row>({ columns }: Table<Row>, field: keyof Row & string): string {
  const column = columns.find((each) => each.field === field)
  if (column === undefined) throw new Error(`There is no column for ${field}`)
  return column.name
}

const maxRows = 500

/**
 * One row a key, that of the highest revision, since PostgreSQL changes no row twice in a statement; in the order of the keys,
 * so that two writers never wait for each other. Throws `Problem('invalid')` for too many.
 */
export function newest<Row extends { readonly revision: number }>({ key }: Table<Row>, rows: readonly Row[]): Row[] {
  if (rows.length > maxRows) throw new Problem('invalid', `A put is at most ${maxRows} rows`)
  const byKey = new Map<string, Row>()
  for (const row of rows) {
    const its = JSON.stringify(key.map((field) => row[field]))
    if (row.revision > (byKey.get(its)?.revision ?? 0)) byKey.set(its, row)
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function columnsOf<Row>(kinds: { readonly [Field in keyof Row & string]-?: ColumnKind }): Column<keyof Row & string>[] {
  const fields = Object.keys(kinds) as (keyof Row & string)[]
  return fields.map((field) => ({ field, name: snakeCase(field), kind: kinds[field] }))
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
