import { changesOf } from '../analysis/changes.ts'
import { trendsOf } from '../analysis/trend.ts'
import { overAt } from '../analysis/trend-values.ts'
import { formatInstant } from '../model/time.ts'
import { everyDate } from '../model/user-analytics.ts'
import { TrendType, type UserTrend } from '../model/user-trend.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { keepChanges } from './keep-changes.ts'
import { findUser } from './manage-user.ts'
import { settleTrendsJobs, waitingTrendsJobs } from './trends-job.ts'

export interface TrendDeps {
  readonly documents: Documents
  readonly warehouse: Warehouse
  readonly clock: Clock
}

/** Of a put to the warehouse. */
const PAGE = 500

/**
 * Makes the trends of a person that are not what their days say, keeps what was noticed in them, and says how many trends it made: those of
 * new days, of days that changed late, of the periods beside them, and of a date that is over by now. Safe to be killed and called again, and
 * to be called twice at once. Of somebody who is not there any more nothing stays.
 */
export async function computeTrends(deps: TrendDeps, userId: string): Promise<number> {
  const { documents, warehouse, clock } = deps
  const jobs = await waitingTrendsJobs(deps, userId)
  const rows = await warehouse.analytics({ userId, ...everyDate })
  const isOver = overAt(clock.nowMs())
  let made = 0
  for (const trendType of TrendType.options) {
    const stored = await warehouse.trends({ userId, trendType, ...everyDate })
    const known = new Map(stored.map(({ periodStart, revision }) => [periodStart, revision]))
    const trends = trendsOf(userId, rows, { isOver, calculatedAt: formatInstant(clock.nowMs()), trendType, known })
    await putTrends(warehouse, trends)
    made += trends.length
  }
  if ((await findUser(deps, userId)) !== undefined) {
    await keepChanges(documents, userId, changesOf(rows, isOver))
    await settleTrendsJobs(deps, jobs)
    return made
  }
  // Erased meanwhile: erasure deletes the documents first, the rows after them.
  await warehouse.delete({ userId, ...everyDate })
  return 0
}

async function putTrends(warehouse: Warehouse, trends: readonly UserTrend[]): Promise<void> {
  for (let from = 0; from < trends.length; from += PAGE) await warehouse.putTrends(trends.slice(from, from + PAGE))
}
