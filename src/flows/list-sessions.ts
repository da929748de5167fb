import type { StoredSession } from '../model/session.ts'
import type { Documents, Page, Stored } from '../ports/documents.ts'

export interface SessionFilter {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly dataType: string | undefined
  readonly source: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
}

/** So many are looked at for one page: a rare type may give a page that is not full, and a cursor to go on. */
const MOST_LOOKED_AT = 2000

/** Sessions of a person by start, the latest first; times in UTC at the fixed width that the store has them in. */
export async function listSessions(
  { documents }: { readonly documents: Documents },
  userId: string,
  { from, to, dataType, source, limit, cursor }: SessionFilter,
): Promise<Page<StoredSession>> {
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
    const page = await documents.list<StoredSession>({ ...query, limit: limit - data.length, ...(next !== undefined && { cursor: next }) })
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
