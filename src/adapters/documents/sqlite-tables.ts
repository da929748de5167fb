import type { DatabaseSync } from 'node:sqlite'
import { placeOf } from '../../model/collections.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { completeness, indexedColumns, quoted, type SqlIndex, type Table, tables } from './tables.ts'

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
      ...indexesMissing(table, present),
    ]),
    ...[...tables.values()].flatMap((table) => sealing(table, present)),
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

/** An index over what is sealed already is filled with the seal off. */
function indexesMissing(table: Table, present: ReadonlySet<string>): string[] {
  const missing = [...table.indexes.values()].filter(({ sqlName }) => !present.has(sqlName))
  const statements = missing.flatMap((index) => createIndex(table, index, present))
  const { changing } = sealNames(table)
  if (statements.length === 0 || !present.has(changing)) return statements
  return [`DROP TRIGGER ${quoted(changing)}`, ...statements, forbidding(table, changing, 'UPDATE')]
}

/** What is sealed is not changed, and taken away only once it lies in the archive. */
function sealing(table: Table, present: ReadonlySet<string>): string[] {
  if (table.sealedBeside === undefined) return []
  const { changing, removing } = sealNames(table)
  const { collection, id } = placeOf(table.sealedBeside)
  const archived = `(SELECT json_extract(body, '$.archivedTo') FROM ${quoted(collection)} WHERE parent = '' AND id = '${id}')`
  return [
    ...(present.has(changing) ? [] : [forbidding(table, changing, 'UPDATE')]),
    ...(present.has(removing) ? [] : [forbidding(table, removing, 'DELETE', `OLD.id > coalesce(${archived}, '')`)]),
  ]
}

function sealNames({ name }: Table) {
  return { changing: `${name} sealed`, removing: `${name} kept` } as const
}

function forbidding({ name }: Table, trigger: string, what: 'UPDATE' | 'DELETE', when = 'true'): string {
  return `CREATE TRIGGER ${quoted(trigger)} BEFORE ${what} ON ${quoted(name)} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'sealed'); END`
}

/** Bodies that were there before the index are read once; in a fresh table there are none. */
function createIndex(table: Table, index: SqlIndex, present: ReadonlySet<string>): string[] {
  const create = `CREATE INDEX ${quoted(index.sqlName)} ON ${quoted(table.name)} (${indexedColumns(index)}) WHERE ${completeness(index)}`
  const filled = index.columns.map(({ name }) => extraction(name)).join(', ')
  return present.has(table.name) ? [`UPDATE ${quoted(table.name)} SET ${filled}`, create] : [create]
}

function extraction(name: string): string {
  const path = `'${name.replaceAll("'", "''")}'`
  return `${quoted(name)} = CASE WHEN json_type(body, ${path}) IN ('text', 'integer', 'real') THEN json_extract(body, ${path}) END`
}
