import { userAnalyticsOf } from '../analysis/user-analytics.ts'
import type { Day } from '../model/day.ts'
import { formatInstant } from '../model/time.ts'
import { everyDate, type UserAnalytics } from '../model/user-analytics.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { computeTrends } from './compute-trends.ts'
import { every } from './every.ts'

export interface FillDeps {
  readonly documents: Documents
  readonly warehouse: Warehouse
  readonly clock: Clock
}

/** Of a put to the warehouse. */
const PAGE = 500

/**
 * Makes the rows of everybody's days again, and the trends of those, and says how many rows they are: for a warehouse that is new, or that lies before or
 * after its documents, as when one of them came from a backup. A person's rows and trends go first, since a higher revision
 * would stay. Analyses and drains may go on meanwhile.
 */
export async function fillWarehouse({ documents, warehouse, clock }: FillDeps): Promise<number> {
  const at = formatInstant(clock.nowMs())
  let filled = 0
  for await (const { path } of every(documents, { collection: 'users' })) {
    const userId = path.slice('users/'.length)
    await warehouse.delete({ userId, ...everyDate })
    let rows: UserAnalytics[] = []
    for await (const { body } of every<Day>(documents, { collection: 'days', parent: path })) {
      rows.push(userAnalyticsOf(body, at))
      filled += 1
      if (rows.length < PAGE) continue
      await warehouse.putAnalytics(rows)
      rows = []
    }
    await warehouse.putAnalytics(rows)
    await computeTrends({ documents, warehouse, clock }, userId)
  }
  return filled
}
