import { Problem } from '../../model/problem.ts'
import type { ListQuery, Page } from '../../ports/documents.ts'
import { encodeCursor, type KeyValue } from './cursor.ts'
import type { PagePlan } from './page.ts'
import { pathOf } from './tables.ts'

/** What an SQL engine gives for a page, in the order of the plan's `selected`. */
export type Row = readonly [parent: string, id: string, version: number, body: string, ...key: KeyValue[]]

/** Of an engine that gives rows by the names of their columns, with integers as text. */
export function rowOf({ selected }: PagePlan, named: Readonly<Record<string, unknown>>): Row {
  return selected.map((name) => (name === 'version' ? Number(named[name]) : named[name])) as unknown as Row
}

export function pageOf<T>(query: ListQuery, { table, key, selected }: PagePlan, rows: readonly Row[]): Page<T> {
  const data = rows.slice(0, query.limit).map(([parent, id, version, body]) => {
    const path = pathOf(table, parent, id)
    return { path, version, body: query.asText ? (body as T) : parseBody<T>(path, body) }
  })
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  if (last === undefined) return { data }
  return {
    data,
    nextCursor: encodeCursor(
      query,
      key.map((name) => last[selected.indexOf(name)] ?? ''),
    ),
  }
}

/** Throws `Problem('storage_corrupt')` naming the path. */
export function parseBody<T>(path: string, body: string): T {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new Problem('storage_corrupt', `The document ${path} cannot be read`, { cause })
  }
}
