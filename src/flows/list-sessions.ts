import type { StoredSession } from '../model/session.ts'
import type { Page, Stored } from '../ports/documents.ts'
import { type ArchiveDeps, archivedPage } from './archived-documents.ts'

export interface SessionFilter {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly dataType: string | undefined
  readonly source: string | undefined
  /** Those of the archive, in place of the others. */
  readonly archived?: boolean
  readonly limit: number
  readonly cursor: string | undefined
}

/** So many are looked at for one page: a rare type may give a page that is not full, and a cursor to go on. */
const MOST_LOOKED_AT = 2000

/** Sessions of a person by start, the latest first; times in UTC at the fixed width that the store has them in. */
export async function listSessions(
  deps: ArchiveDeps,
  userId: string,
  { from, to, dataType, source, archived = false, limit, cursor }: SessionFilter,
): Promise<Page<StoredSession>> {
  if (archived) {
    const isWanted = (session: StoredSession) => isOf(session, dataType, source)
    return archivedPage(deps, userId, { kind: 'rawData', collection: 'healthSessions', order: 'newest', from, to, isWanted, limit, cursor })
  }
  const query = {
    collection: 'healthSessions',
    parent: `users/${userId}`,
    index: 'userStart',
    equals: [userId],
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
  const data: Stored<StoredSession>[] = []
  let next = cursor
  for (let looked = 0; looked < MOST_LOOKED_AT; ) {
    // Never more than are wanted yet: the cursor then stands behind the last that was taken.
    const page = await deps.documents.list<StoredSession>({
      ...query,
      limit: limit - data.length,
      ...(next !== undefined && { cursor: next }),
    })
    looked += page.data.length
    data.push(...page.data.filter(({ body }) => isOf(body, dataType, source)))
    next = page.nextCursor
    if (next === undefined || data.length === limit) break
  }
  return { data, ...(next !== undefined && { nextCursor: next }) }
}

function isOf({ sessionInfo, source }: StoredSession, dataType: string | undefined, wanted: string | undefined): boolean {
  const isSource = wanted === undefined || source.id === wanted || source.name === wanted || sessionInfo.dataSource === wanted
  return isSource && (dataType === undefined || sessionInfo.dataTypes.includes(dataType))
}
