import type { ArchivedRow } from '../columns/archive-file.ts'
import type { Archive } from '../model/archive.ts'
import type { CollectionName } from '../model/collections.ts'
import type { RetentionKind } from '../model/retention-kind.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Page, Stored } from '../ports/documents.ts'
import { isMarked } from './archive-marks.ts'
import { archivePath } from './archive-month.ts'
import { archivedRows, collectionOf, openedRow } from './archived-row.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import { all } from './every.ts'
import { findState } from './lifecycle-state.ts'

export interface ArchiveDeps {
  readonly documents: Documents
  readonly blobs: Blobs
}

export interface ArchivedQuery<T> {
  readonly kind: RetentionKind
  readonly collection: CollectionName
  /** Of `at`: from included, to excluded. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly order: 'newest' | 'oldest'
  readonly isWanted?: (body: T) => boolean
  readonly limit: number
  readonly cursor?: string | undefined
}

/** A page of what is archived of a person's documents of one collection, with `limit` or fewer. */
export async function archivedPage<T>(deps: ArchiveDeps, userId: string, query: ArchivedQuery<T>): Promise<Page<T>> {
  const data: Stored<T>[] = []
  for await (const { place, row } of rowsAfter<T>(deps, userId, query)) {
    if (query.isWanted?.(row.body) === false) continue
    if (data.length === query.limit) return { data, nextCursor: place }
    data.push(row)
  }
  return { data }
}

/** Rows in order, each with the cursor that begins with it. */
async function* rowsAfter<T>(
  deps: ArchiveDeps,
  userId: string,
  query: ArchivedQuery<T>,
): AsyncGenerator<{ readonly place: string; readonly row: Stored<T> }> {
  const [firstMonth, firstAt = '0'] = query.cursor?.split('.') ?? []
  for (const { body: archive } of await archivesIn(deps, userId, query)) {
    const { month } = archive
    if (firstMonth !== undefined && isBefore(month, firstMonth, query.order)) continue
    const rows = ordered(await archivedRows(deps, archive), query)
    for (const [at, row] of rows.entries())
      if (month !== firstMonth || at >= Number(firstAt)) yield { place: `${month}.${at}`, row: openedRow<T>(row) }
  }
}

function isBefore(month: string, than: string, order: ArchivedQuery<unknown>['order']): boolean {
  return order === 'oldest' ? month < than : month > than
}

function ordered(
  rows: readonly ArchivedRow[],
  { collection, order, from = '', to = '~' }: Omit<ArchivedQuery<never>, 'isWanted'>,
): ArchivedRow[] {
  const found = rows.filter((row) => collectionOf(row) === collection && row.at >= from && row.at < to)
  return order === 'oldest' ? found : found.reverse()
}

async function archivesIn(
  { documents }: Pick<ArchiveDeps, 'documents'>,
  userId: string,
  { kind, from, to, order }: Pick<ArchivedQuery<never>, 'kind' | 'from' | 'to' | 'order'>,
): Promise<Stored<Archive>[]> {
  const range = { ...(from !== undefined && { from: from.slice(0, 7) }), ...(to !== undefined && { to: `${to.slice(0, 7)}~` }) }
  const found = await all<Archive>(documents, {
    collection: 'archives',
    parent: `users/${userId}`,
    index: 'kind',
    equals: [kind],
    ...range,
  })
  return order === 'oldest' ? found : found.reverse()
}

/** An archived day, insight or other document of a date; undefined where it is not archived. */
export async function findArchived<T>(
  deps: ArchiveDeps,
  userId: string,
  kind: RetentionKind,
  path: string,
  date: string,
): Promise<Stored<T> | undefined> {
  const archive = await deps.documents.get<Archive>(archivePath({ userId, kind, month: date.slice(0, 7) }))
  return archive && named<T>(await archivedRows(deps, archive.body), path)
}

/** An archived session, by its id alone; undefined where there is none. */
export async function findArchivedSession(
  deps: ArchiveDeps,
  userId: string,
  sessionId: string,
): Promise<Stored<StoredSession> | undefined> {
  if ((await findState(deps, userId))?.body.archivedBefore.rawData === undefined) return undefined
  const path = `users/${userId}/healthSessions/${sessionId}`
  for (const { body } of await archivesIn(deps, userId, { kind: 'rawData', order: 'newest', from: undefined, to: undefined })) {
    const found = isMarked(body.marks, sessionId) ? named<StoredSession>(await archivedRows(deps, body), path) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** The archived sessions of local dates, both included, by date and path; their samples are read where they lie. */
export async function archivedSessions(deps: ArchiveDeps, userId: string, from: string, to: string): Promise<Stored<StoredSession>[]> {
  const months = await archivesIn(deps, userId, { kind: 'rawData', order: 'oldest', from: previousDate(from), to: nextDate(nextDate(to)) })
  const rows = (await Promise.all(months.map(({ body }) => archivedRows(deps, body)))).flat()
  return rows
    .filter((row) => collectionOf(row) === 'healthSessions')
    .map((row) => openedRow<StoredSession>(row))
    .filter(({ body: { localDate } }) => localDate >= from && localDate <= to)
    .sort((a, b) => (a.body.localDate < b.body.localDate ? -1 : a.body.localDate > b.body.localDate ? 1 : a.path < b.path ? -1 : 1))
}

/** All that is archived of a person, for who takes everything: month by month. */
export async function* everyArchived(deps: ArchiveDeps, userId: string): AsyncGenerator<ArchivedRow> {
  for (const { body } of await all<Archive>(deps.documents, { collection: 'archives', parent: `users/${userId}` }))
    yield* await archivedRows(deps, body)
}

function named<T>(rows: readonly ArchivedRow[], path: string): Stored<T> | undefined {
  const row = rows.find((each) => each.path === path)
  return row && openedRow<T>(row)
}
