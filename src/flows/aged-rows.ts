import { type Collection, collections } from '../model/collections.ts'
import type { Ageing } from '../model/retention-kind.ts'
import type { SessionRevision } from '../model/revision.ts'
import type { Documents, ListQuery, Stored } from '../ports/documents.ts'
import type { AgedRow } from './archived-row.ts'
import { all, every, pages } from './every.ts'
import { beforeOf } from './person-retention.ts'

type Deps = { readonly documents: Documents }

/** A person's hot documents of one collection that began before an instant, in the order of its index, a page at a time. */
export async function* agedRows({ documents }: Deps, userId: string, ageing: Ageing, before: string): AsyncGenerator<AgedRow[]> {
  const query = { ...ofPerson(userId, ageing), to: beforeOf(ageing, before) }
  const steps = ageing.at.split('.')
  for await (const page of pages<AgedRow['body']>(documents, query))
    yield page.filter((found) => isOld(found, ageing)).map((found) => rowOf(found, steps))
}

function isOld({ body }: Stored<AgedRow['body']>, { statuses }: Ageing): boolean {
  return statuses === undefined || statuses.includes(String(body.status))
}

/** The first that began then or later. */
export async function firstFrom(deps: Deps, userId: string, ageing: Ageing, from: string): Promise<AgedRow | undefined> {
  const { index = ageing.index, at = ageing.at } = ageing.ascending ?? {}
  const query = { ...ofPerson(userId, { ...ageing, index }), from: beforeOf({ at }, from) }
  if (!isDescending(ageing.collection, at)) {
    const { data } = await deps.documents.list<AgedRow['body']>({ ...query, limit: 1 })
    return data[0] && rowOf(data[0], ageing.at.split('.'))
  }
  let last: Stored<AgedRow['body']> | undefined
  for await (const found of every<AgedRow['body']>(deps.documents, query)) last = found
  return last && rowOf(last, ageing.at.split('.'))
}

/** What a job wrote down while it ran goes with it. */
export async function logsOf({ documents }: Deps, { path, at }: AgedRow): Promise<AgedRow[]> {
  const logs = await all<AgedRow['body']>(documents, { collection: 'jobLogs', parent: path, index: 'at' })
  return logs.map((log) => ({ ...log, at }))
}

/** What a person's sessions said before, by session: they go where the session goes. */
export async function revisionsBySession(
  { documents }: Deps,
  userId: string,
): Promise<ReadonlyMap<string, readonly Stored<SessionRevision>[]>> {
  const found = await all<SessionRevision>(documents, { collection: 'sessionRevisions', index: 'replaced', equals: [userId] })
  return Map.groupBy(found, ({ path }) => path.slice(0, path.lastIndexOf('/revisions/')))
}

function ofPerson(userId: string, { collection, index, isTop }: Pick<Ageing, 'collection' | 'index' | 'isTop'>): Omit<ListQuery, 'limit'> {
  return { collection, index, equals: [userId], ...(!isTop && { parent: `users/${userId}` }) }
}

function rowOf({ path, version, body }: Stored<AgedRow['body']>, steps: readonly string[]): AgedRow {
  const value = steps.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], body)
  return { path, version, body, at: String(value) }
}

function isDescending(collection: Ageing['collection'], at: string): boolean {
  const { descending = [] }: Collection = collections[collection]
  return descending.includes(at)
}
