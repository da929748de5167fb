import { userAnalyticsOf } from '../analysis/user-analytics.ts'
import type { Day } from '../model/day.ts'
import { type OutboxEntry, outboxPath } from '../model/outbox.ts'
import { formatInstant } from '../model/time.ts'
import { everyDate } from '../model/user-analytics.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { trendsJob } from './trends-job.ts'

/** What goes into the batch that keeps a new revision of a day, so that its row reaches the warehouse. */
export type ToWarehouse = (day: Day, nowMs: number) => readonly Write[]

/** The row, instead of that of the revision before where it still waits. */
export const toOutbox: ToWarehouse = (day, nowMs) => {
  const { userId, date, revision } = day
  const at = formatInstant(nowMs)
  const entry: OutboxEntry = { userId, table: 'user_analytics', row: userAnalyticsOf(day, at), at }
  const put: Write = { op: 'put', path: outboxPath(userId, date, revision), body: entry }
  return revision > 1 ? [{ op: 'delete', path: outboxPath(userId, date, revision - 1) }, put] : [put]
}

/** For a house without a warehouse. */
export const toNowhere: ToWarehouse = () => []

export interface OutboxDeps {
  readonly documents: Documents
  readonly warehouse: Warehouse
  readonly clock: Clock
}

/** Of a put to the warehouse; each may come with a job in its batch. */
const PAGE = 250

/**
 * Carries what waits in the outbox to the warehouse, oldest first, queues the job that sees to the trends of each person, and says how many
 * rows it was. Each at least once: killed
 * in between, or with another drain beside it, rows are put again, which changes nothing. When a store fails its problem
 * comes out and what was not carried waits.
 *
 * An entry may be deleted without a look at its version, since the same path never holds another row: the day's own put
 * expects the version that the new revision was made from.
 */
export async function drainOutbox({ documents, warehouse, clock }: OutboxDeps): Promise<number> {
  let carried = 0
  for (;;) {
    const { data } = await documents.list<OutboxEntry>({ collection: 'outbox', index: 'at', limit: PAGE })
    if (data.length === 0) return carried
    await warehouse.putAnalytics(data.map(({ body }) => body.row))
    const people = await takeBackErased({ documents, warehouse }, data)
    const jobs = people.map((userId) => trendsJob({ clock }, userId))
    await documents.batch([...jobs, ...data.map(({ path }) => ({ op: 'delete', path }) as const)])
    carried += data.length
  }
}

/** Who was erased between the list and the put: erasure deletes the documents first, the rows after them. Says whose rows stay. */
async function takeBackErased(
  { documents, warehouse }: Pick<OutboxDeps, 'documents' | 'warehouse'>,
  entries: readonly Stored<OutboxEntry>[],
): Promise<string[]> {
  const people: string[] = []
  for (const userId of new Set(entries.map(({ body }) => body.userId)))
    if ((await documents.get(`users/${userId}`)) === undefined) await warehouse.delete({ userId, ...everyDate })
    else people.push(userId)
  return people
}
