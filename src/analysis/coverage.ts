import type { Day } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import { seriesMetrics } from '../model/series.ts'
import { countSet, countTouched } from '../signal/minute-grid.ts'
import type { DayMinutes } from './day-minutes.ts'
import type { DayFrame } from './frame.ts'

/** As text is ordered. */
const inOrder: readonly MetricName[] = seriesMetrics.toSorted()

/** Minutes worn (heart rate, or movement above zero of something worn, within 10 minutes) and minutes touched by each metric. */
export function coverageOf(frame: DayFrame, { grid, worn }: DayMinutes): Day['coverage'] {
  const metrics: Record<string, number> = {}
  for (const metric of inOrder) {
    const minutes = countTouched(frame.series(metric), grid)
    if (minutes > 0) metrics[metric] = minutes
  }
  return { dayMinutes: frame.minutes, wornMinutes: countSet(worn), metrics }
}
