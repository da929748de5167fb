import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { type Collection, type CollectionName, collectionNames, collections } from '../../model/collections.ts'
import type { FailpointOptions } from '../failpoints.ts'

export interface Column {
  /** Also the JSON path into the body: `$.sessionInfo.startTime`. */
  readonly name: string
  readonly steps: readonly string[]
}

export interface IndexColumn {
  readonly name: string
  readonly descending: boolean
}

export interface SqlIndex {
  readonly sqlName: string
  readonly columns: readonly IndexColumn[]
  /** Led by the id of the parent (`userId` below `users/{userId}`): narrow without naming the parent. */
  readonly ledByParent: boolean
}

/** How one collection lies in SQLite: a table of key columns, the body as JSON text, and what its indexes extract. */
export interface Table {
  readonly name: CollectionName
  /** Segment before the id: `healthSessions`. */
  readonly segment: string
  readonly isTop: boolean
  readonly columns: readonly Column[]
  readonly indexes: ReadonlyMap<string, SqlIndex>
}

export const tables: ReadonlyMap<string, Table> = new Map(collectionNames.map((name) => [name, tableOf(name)]))

/**
 * Brings the tables and indexes of `db` to what `tables` says, in one transaction; nothing is written when they are so
 * already. Columns of an index that is gone stay, unread.
 */
export function migrate(db: DatabaseSync, { failpoint }: FailpointOptions): void {
  if (planMigration(db).length === 0) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Planned again under the lock: another process may have done it.
    for (const statement of planMigration(db)) {
      db.exec(statement)
      failpoint?.('documents:migrated-one')
    }
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function tableOf(name: CollectionName): Table {
  const { path, indexes, descending = [] }: Collection = collections[name]
  const segments = path.split('/')
  const parentId = segments.at(-3)?.slice(1, -1)
  const fields = [...new Set(Object.values(indexes).flat())]
  return {
    name,
    segment: segments.at(-2) ?? '',
    isTop: segments.length === 2,
    columns: fields.map((field) => ({ name: `$.${field}`, steps: field.split('.') })),
    indexes: new Map(
      Object.entries(indexes).map(([index, named]) => {
        const columns = named.map((field) => ({ name: `$.${field}`, descending: descending.includes(field) }))
        const form = crc32(JSON.stringify([...columns, ...tieBreakers(columns)])).toString(16)
        return [index, { sqlName: `${name}.${index}.${form}`, columns, ledByParent: named[0] === parentId }]
      }),
    ),
  }
}

function planMigration(db: DatabaseSync): string[] {
  const present = new Set(
    db
      .prepare(`SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
      .all()
      .map(({ name }) => String(name)),
  )
  const wanted = new Set([...tables.values()].flatMap(({ indexes }) => [...indexes.values()].map(({ sqlName }) => sqlName)))
  const outdated = [...present].filter((name) => name.includes('.') && !wanted.has(name))
  return [
    ...outdated.map((name) => `DROP INDEX ${quoted(name)}`),
    ...[...tables.values()].flatMap((table) => [
      ...(present.has(table.name) ? missingColumns(db, table) : [createTable(table)]),
      ...[...table.indexes.values()].filter(({ sqlName }) => !present.has(sqlName)).flatMap((index) => createIndex(table, index, present)),
    ]),
  ]
}

function createTable({ name, columns }: Table): string {
  const extracted = columns.map((column) => `${quoted(column.name)} ANY`)
  const keys = ['parent TEXT NOT NULL', 'id TEXT NOT NULL', 'version INTEGER NOT NULL', 'body TEXT NOT NULL']
  return `CREATE TABLE ${quoted(name)} (${[...keys, ...extracted].join(', ')}, UNIQUE (parent, id)) STRICT`
}

function missingColumns(db: DatabaseSync, { name, columns }: Table): string[] {
  const present = new Set(
    db
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(name)
      .map((row) => row.name),
  )
  return columns
    .filter((column) => !present.has(column.name))
    .map((column) => `ALTER TABLE ${quoted(name)} ADD COLUMN ${quoted(column.name)} ANY`)
}

/** Bodies that were there before the index are read once; in a fresh table there are none. */
function createIndex(table: Table, index: SqlIndex, present: ReadonlySet<string>): string[] {
  const names = index.columns.map(({ name }) => name)
  const indexed = [...index.columns, ...tieBreakers(index.columns)].map(
    ({ name, descending }) => `${quoted(name)}${descending ? ' DESC' : ''}`,
  )
  const complete = names.map((name) => `${quoted(name)} IS NOT NULL`).join(' AND ')
  const create = `CREATE INDEX ${quoted(index.sqlName)} ON ${quoted(table.name)} (${indexed.join(', ')}) WHERE ${complete}`
  return present.has(table.name) ? [`UPDATE ${quoted(table.name)} SET ${names.map(extraction).join(', ')}`, create] : [create]
}

function extraction(name: string): string {
  const path = `'${name.replaceAll("'", "''")}'`
  return `${quoted(name)} = CASE WHEN json_type(body, ${path}) IN ('text', 'integer', 'real') THEN json_extract(body, ${path}) END`
}

/**
 * What makes every place in an index's order unique, in the direction of its last field. The parent comes last: before
 * the id, SQLite would sort again below one parent.
 */
export function tieBreakers(columns: readonly IndexColumn[]): readonly IndexColumn[] {
  const descending = columns.at(-1)?.descending ?? false
  return [
    { name: 'id', descending },
    { name: 'parent', descending },
  ]
}
