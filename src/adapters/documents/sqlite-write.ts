import { type CollectionName, placeOf } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { Write } from '../../ports/documents.ts'
import type { KeyValue } from './cursor.ts'
import { type Column, quoted, type Table, tables } from './sqlite-tables.ts'

export interface WritePlan {
  readonly path: string
  readonly sql: string
  readonly values: readonly (KeyValue | null)[]
  /** No row changed means that a precondition failed. */
  readonly mustChange: boolean
}

interface TableSql {
  readonly columns: readonly Column[]
  readonly read: string
  readonly put: string
  readonly create: string
  readonly replace: string
  readonly remove: string
  readonly removeVersion: string
}

export function readSql(collection: CollectionName): string {
  return sqlOf(collection).read
}

/** Throws `Problem('invalid_id')` for a path that is none, and `Problem('invalid')` for preconditions that exclude each other. */
export function planWrite(write: Write): WritePlan {
  const { path, ifVersion } = write
  const { collection, parent = '', id } = placeOf(path)
  const sql = sqlOf(collection)
  const expected = ifVersion === undefined ? [] : [ifVersion]
  const mustChange = ifVersion !== undefined
  if (write.op === 'delete')
    return { path, sql: mustChange ? sql.removeVersion : sql.remove, values: [parent, id, ...expected], mustChange }

  const content = [JSON.stringify(write.body), ...sql.columns.map(({ steps }) => fieldOf(write.body, steps))]
  if (mustChange && write.ifAbsent) throw new Problem('invalid', `${path} cannot be absent and have a version`)
  if (mustChange) return { path, sql: sql.replace, values: [...content, parent, id, ...expected], mustChange }
  return { path, sql: write.ifAbsent ? sql.create : sql.put, values: [...content, parent, id], mustChange: write.ifAbsent === true }
}

/** Text or a finite number; all else is in no index. */
function fieldOf(body: unknown, steps: readonly string[]): KeyValue | null {
  let at = body
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return null
    at = (at as Readonly<Record<string, unknown>>)[step]
  }
  return typeof at === 'string' || (typeof at === 'number' && Number.isFinite(at)) ? at : null
}

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
  return {
    columns,
    read: `SELECT version, body FROM ${table} WHERE parent = ? AND id = ?`,
    put: `${insert} ON CONFLICT (parent, id) DO UPDATE SET ${change}`,
    create: `${insert} ON CONFLICT (parent, id) DO NOTHING`,
    replace: `UPDATE ${table} SET ${assign} WHERE parent = ? AND id = ? AND version = ?`,
    remove: `DELETE FROM ${table} WHERE parent = ? AND id = ?`,
    removeVersion: `DELETE FROM ${table} WHERE parent = ? AND id = ? AND version = ?`,
  }
}
