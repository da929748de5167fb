import { createHash } from 'node:crypto'
import { Problem } from '../model/problem.ts'
import type { Documents, ListQuery, Page } from '../ports/documents.ts'

/** What of a call to a list says which list it is. */
export interface ListCall {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>> & { readonly limit: number; readonly cursor?: string | undefined }
}

/** One page of the store, its cursor bound to the person and to every parameter but `limit`. Throws `Problem('bad_cursor')`. */
export async function listPage<T>(documents: Documents, query: Omit<ListQuery, 'limit' | 'cursor'>, call: ListCall): Promise<Page<T>> {
  const { limit } = call.query
  const cursor = openCursor(query.collection, call)
  try {
    const page = await documents.list<T>({ ...query, limit, ...(cursor !== undefined && { cursor }) })
    return { data: page.data, ...nextOf(query.collection, call, page.nextCursor) }
  } catch (error) {
    if (cursor !== undefined && error instanceof Problem && error.code === 'invalid') throw badCursor(error)
    throw error
  }
}

/** What the cursor of a call holds; undefined where the list begins. Throws `Problem('bad_cursor')` for one of another list or person. */
export function openCursor(list: string, call: ListCall): string | undefined {
  const { cursor } = call.query
  if (cursor === undefined) return undefined
  const at = cursor.indexOf('.')
  const held = Buffer.from(cursor.slice(at + 1), 'base64url').toString()
  if (at < 0 || sealOf(list, call, held) !== cursor.slice(0, at)) throw badCursor()
  return held
}

/** A page's `nextCursor`, if it has one. */
export function nextOf(list: string, call: ListCall, held: string | undefined): { readonly nextCursor?: string } {
  if (held === undefined) return {}
  return { nextCursor: `${sealOf(list, call, held)}.${Buffer.from(held).toString('base64url')}` }
}

/**
 * No secret: a cursor opens nothing that the query does not, since the query is made of the call, and who calls is asked again. It keeps a
 * cursor from being used by mistake where it means something else.
 */
function sealOf(list: string, { params, query }: ListCall, held: string): string {
  const { limit: _, cursor: __, ...rest } = query
  const said = Object.entries({ ...rest, ...params }).sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([list, said, held]))
    .digest('base64url')
    .slice(0, 16)
}

export function badCursor(cause?: unknown): Problem {
  return new Problem('bad_cursor', 'This cursor belongs to no page of this list.', { cause })
}
