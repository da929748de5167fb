import type { Change } from '../model/change.ts'
import { type TrendMetric, type TrendMetricName, trendMetrics } from '../model/trend-metrics.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'
import { levelShifts } from '../signal/level-shifts.ts'
import { elevationsOf } from './elevation.ts'
import { type Course, courseOf, type IsOver } from './trend-values.ts'

/** Whose level is watched. */
const watched = ['resting_heart_rate', 'hrv_sdnn', 'hrv_rmssd', 'total_sleep_hours', 'total_steps'] as const

/** A week on each side, in the last 90 days with a figure; how often a level that stays is taken for a shift is counted in docs/trends.md. */
const watch = { least: 7, most: 90, alpha: 0.001 } as const

/** What a change says, without whose it is. */
export type Noticed = Omit<Change, 'userId' | 'changeId'>

/** Everything that was noticed in a person's rows, by date. What was noticed depends on nothing later; late rows may change it. */
export function changesOf(rows: readonly UserAnalytics[], isOver: IsOver): Noticed[] {
  const shifts = watched.flatMap((name) => shiftsOf(name, courseOf(trendMetrics[name], rows, isOver)))
  const resting = courseOf(trendMetrics.resting_heart_rate, rows, isOver)
  const raised = elevationsOf(
    resting,
    shifts.filter(({ metric }) => metric === 'resting_heart_rate'),
  )
  return [...shifts, ...raised].sort((a, b) => (a.date < b.date ? -1 : 1))
}

function shiftsOf(name: TrendMetricName, { dates, values }: Course): Noticed[] {
  const { unit, usefulChange, ofMedian }: TrendMetric = trendMetrics[name]
  const shift = (before: number) => (ofMedian ? usefulChange * before : usefulChange)
  return levelShifts(Float64Array.from(values), { ...watch, shift }).map(({ at, seenAt, before, after, p }) => ({
    kind: 'level_shift',
    metric: name,
    unit,
    date: dates[at] ?? '',
    noticedOn: dates[seenAt] ?? '',
    before,
    after,
    p,
  }))
}
