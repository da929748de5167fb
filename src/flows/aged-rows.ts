import { type Collection, collections } from '../model/collections.ts'
import { valueIn } from '../model/json-text.ts'
import type { Ageing } from '../model/retention-kind.ts'
import type { Documents, ListQuery, Stored } from '../ports/documents.ts'
import { type AgedRow, agedRow } from './archived-row.ts'
import { textPages } from './every.ts'
import { beforeOf } from './person-retention.ts'

type Deps = { readonly documents: Documents }

/** A person's hot documents of one collection that began before an instant, in the order of its index, a page at a time. */
export async function* agedRows({ documents }: Deps, userId: string, ageing: Ageing, before: string): AsyncGenerator<AgedRow[]> {
  const query = { ...ofPerson(userId, ageing), to: beforeOf(ageing, before) }
  const { collection, statuses } = ageing
  const names = ageing.at.split('.')
  for await (const page of textPages(documents, query)) {
    const old = statuses === undefined ? page : page.filter(({ body }) => statuses.includes(String(valueIn(body, ['status']))))
    yield old.map(({ path, version, body }) => agedRow({ path, version, at: String(valueIn(body, names)), body }, collection))
  }
}

/** When the first began that began then or later. */
export async function firstFrom({ documents }: Deps, userId: string, ageing: Ageing, from: string): Promise<string | undefined> {
  const { index = ageing.index, at = ageing.at } = ageing.ascending ?? {}
  const query = { ...ofPerson(userId, { ...ageing, index }), from: beforeOf({ at }, from) }
  const began = (body: string) => String(valueIn(body, ageing.at.split('.')))
  if (!isDescending(ageing.collection, at)) {
    const { data } = await documents.list<string>({ ...query, limit: 1, asText: true })
    return data[0] && began(data[0].body)
  }
  let last: Stored<string> | undefined
  for await (const page of textPages(documents, query)) last = page.at(-1) ?? last
  return last && began(last.body)
}

/** What a job wrote down while it ran goes with it. */
export async function logsOf({ documents }: Deps, { path, at }: AgedRow): Promise<AgedRow[]> {
  const logs: AgedRow[] = []
  const query = { collection: 'jobLogs', parent: path, index: 'at' }
  for await (const page of textPages(documents, query)) logs.push(...page.map((log) => ({ ...log, at })))
  return logs
}

/** What a person's sessions said before, by session: they go where the session goes. */
export async function revisionsBySession({ documents }: Deps, userId: string): Promise<ReadonlyMap<string, readonly Stored<string>[]>> {
  const found: Stored<string>[] = []
  const query = { collection: 'sessionRevisions', index: 'replaced', equals: [userId] }
  for await (const page of textPages(documents, query)) found.push(...page)
  return Map.groupBy(found, ({ path }) => path.slice(0, path.lastIndexOf('/revisions/')))
}

function ofPerson(userId: string, { collection, index, isTop }: Pick<Ageing, 'collection' | 'index' | 'isTop'>): Omit<ListQuery, 'limit'> {
  return { collection, index, equals: [userId], ...(!isTop && { parent: `users/${userId}` }) }
}

function isDescending(collection: Ageing['collection'], at: string): boolean {
  const { descending = [] }: Collection = collections[collection]
  return descending.includes(at)
}
