import { Problem } from '../../model/problem.ts'
import type { ListQuery, Page } from '../../ports/documents.ts'
import { encodeCursor } from './cursor.ts'
import type { PagePlan } from './page.ts'
import { pathOf } from './tables.ts'

/** What an SQL engine gives for a page: the key columns, and those that the plan's `key` names. */
export interface Row extends Readonly<Record<string, string | number>> {
  readonly parent: string
  readonly id: string
  readonly version: number
  readonly body: string
}

export function pageOf<T>(query: ListQuery, { table, key }: PagePlan, rows: readonly Row[]): Page<T> {
  const data = rows.slice(0, query.limit).map((row) => {
    const path = pathOf(table, row.parent, row.id)
    return { path, version: row.version, body: parseBody<T>(path, row.body) }
  })
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  if (last === undefined) return { data }
  return {
    data,
    nextCursor: encodeCursor(
      query,
      key.map((name) => last[name] ?? ''),
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
