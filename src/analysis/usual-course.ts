import type { TrendMetric } from '../model/trend-metrics.ts'
import { baselineDays, baselineNeeds, shiftDate, usualRange } from './baseline.ts'
import type { Course } from './trend-values.ts'

/** What was usual for the person when a value came: of the 28 dates before it, those that have one. In the figure's unit. */
export interface Usual {
  readonly median: number
  readonly low: number
  readonly high: number
  /** Dates it is made of. */
  readonly n: number
}

/** For each value of a course what was usual before it; undefined where too few dates are known. */
export function usualAlong(
  { ofMedian, usefulChange }: Pick<TrendMetric, 'ofMedian' | 'usefulChange'>,
  course: Course,
): (Usual | undefined)[] {
  const { dates, values } = course
  let first = 0
  return dates.map((date, at) => {
    const from = shiftDate(date, -baselineDays)
    while ((dates[first] ?? date) < from) first++
    const before = values.slice(first, at)
    // A variability of nothing has no logarithm, and is none.
    const past = ofMedian ? before.filter((value) => value > 0) : before
    if (past.length < baselineNeeds) return undefined
    const { median, low, high } = usualRange(ofMedian ? 'ln' : 'plain', past, usefulChange)
    return { median, low, high, n: past.length }
  })
}
