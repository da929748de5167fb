import { type ArchiveDeps, type ArchivedQuery, archivedPage } from '../flows/archived-documents.ts'
import type { Page } from '../ports/documents.ts'
import { type ListCall, nextOf, openCursor } from './list-page.ts'

/** One page of what is archived of the person of the call, its cursor bound as that of `listPage` is. Throws `Problem('bad_cursor')`. */
export async function archivedList<T>(
  deps: ArchiveDeps,
  call: ListCall & { readonly params: { readonly userId: string } },
  query: Omit<ArchivedQuery<T>, 'limit' | 'cursor'>,
): Promise<Page<T>> {
  const list = `archived ${query.collection}`
  const { limit } = call.query
  const page = await archivedPage<T>(deps, call.params.userId, { ...query, limit, cursor: openCursor(list, call) })
  return { data: page.data, ...nextOf(list, call, page.nextCursor) }
}
