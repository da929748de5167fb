import type { CollectionName } from '../../model/collections.ts'
import type { KeyValue } from './cursor.ts'
import type { Dialect } from './page.ts'
import { quoted, type Table, tables } from './tables.ts'
import type { WriteKind, WritePlan } from './writes.ts'

export const sqliteDialect: Dialect = {
  body: 'body',
  key: (value) => value,
  marked: (sql) => sql,
  // Chosen here, not by SQLite's guess at how many rows a value has. Below one parent an index that its id does not lead
  // spans all parents: the parent's own documents, sorted, are fewer.
  source(table, index, parent) {
    const spans = index !== undefined && !index.ledByParent && parent !== undefined && !table.isTop
    const access = index === undefined || spans ? `sqlite_autoindex_${table.name}_1` : index.sqlName
    return `${quoted(table.name)} INDEXED BY ${quoted(access)}`
  },
}

export function readSql(collection: CollectionName): string {
  return sqlOf(collection).read
}

export function writeSql({ table, kind }: WritePlan): string {
  return sqlOf(table.name)[kind]
}

export function writeValues({ body, keys, parent, id, version }: WritePlan): (KeyValue | null)[] {
  return [...(body === undefined ? [] : [body, ...keys]), parent, id, ...(version === undefined ? [] : [version])]
}

/** Of a parent's documents whose ids lie in a range, both included: which they are, as arrays of id and version; and away with all of them. */
export function rangeSql({ table }: Pick<WritePlan, 'table'>): { readonly look: string; readonly remove: string } {
  const { look, removeRange } = sqlOf(table.name)
  return { look, remove: removeRange }
}

type TableSql = Readonly<Record<WriteKind | 'read' | 'look' | 'removeRange', string>>

const sqlByCollection: ReadonlyMap<string, TableSql> = new Map([...tables.values()].map((table) => [table.name, tableSql(table)]))

function sqlOf(collection: CollectionName): TableSql {
  const sql = sqlByCollection.get(collection)
  if (sql === undefined) throw new Error(`No table for ${collection}`)
  return sql
}

function tableSql({ name, columns }: Table): TableSql {
  const content = ['body', ...columns.map((column) => quoted(column.name))]
  const table = quoted(name)
  const insert = `INSERT INTO ${table} (${content.join(', ')}, parent, id, version) VALUES (${content.map(() => '?').join(', ')}, ?, ?, 1)`
  const change = ['version = version + 1', ...content.map((column) => `${column} = excluded.${column}`)].join(', ')
  const assign = ['version = version + 1', ...content.map((column) => `${column} = ?`)].join(', ')
  const put = `${insert} ON CONFLICT (parent, id) DO UPDATE SET ${change}`
  return {
    read: `SELECT version, body FROM ${table} WHERE parent = ? AND id = ?`,
    put,
    other: `${put} WHERE body <> excluded.body`,
    create: `${insert} ON CONFLICT (parent, id) DO NOTHING`,
    replace: `UPDATE ${table} SET ${assign} WHERE parent = ? AND id = ? AND version = ?`,
    remove: `DELETE FROM ${table} WHERE parent = ? AND id = ?`,
    removeVersion: `DELETE FROM ${table} WHERE parent = ? AND id = ? AND version = ?`,
    look: `SELECT id, version FROM ${table} WHERE parent = ? AND id BETWEEN ? AND ?`,
    removeRange: `DELETE FROM ${table} WHERE parent = ? AND id BETWEEN ? AND ?`,
    // It says by its count whether a row is there, and changes nothing of it.
    absent: `UPDATE ${table} SET version = version WHERE parent = ? AND id = ?`,
  }
}
