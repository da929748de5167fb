import { baselineDays, shiftDate } from '../analysis/baseline.ts'
import { courseOf, overAt } from '../analysis/trend-values.ts'
import { type Usual, usualAlong } from '../analysis/usual-course.ts'
import { type TrendMetric, type TrendMetricName, trendMetrics } from '../model/trend-metrics.ts'
import { everyDate } from '../model/user-analytics.ts'
import type { TrendDeps } from './compute-trends.ts'
import { requireUser } from './manage-user.ts'

export interface BaselineQuery {
  readonly metric: TrendMetricName
  /** Dates, both included. */
  readonly from: string
  readonly to: string
}

export interface BaselinePoint {
  readonly date: string
  readonly value: number
  readonly usual?: Usual
}

/** One figure by date, each beside what was usual on the dates before it: of the days that trends count. Throws `Problem('not_found')`. */
export async function findBaseline(deps: TrendDeps, userId: string, { metric: name, from, to }: BaselineQuery): Promise<BaselinePoint[]> {
  await requireUser(deps, userId)
  const metric: TrendMetric = trendMetrics[name]
  const since = from <= shiftDate(everyDate.from, baselineDays) ? everyDate.from : shiftDate(from, -baselineDays)
  const course = courseOf(metric, await deps.warehouse.analytics({ userId, from: since, to }), overAt(deps.clock.nowMs()))
  const usual = usualAlong(metric, course)
  return course.dates.flatMap((date, at) => {
    const known = usual[at]
    return date < from ? [] : [{ date, value: course.values[at] ?? Number.NaN, ...(known && { usual: known }) }]
  })
}
