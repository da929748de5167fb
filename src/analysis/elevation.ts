import { trendMetrics } from '../model/trend-metrics.ts'
import { median } from '../signal/statistics.ts'
import { baselineDays, baselineNeeds, shiftDate } from './baseline.ts'
import type { Noticed } from './changes.ts'
import { goals } from './goals.ts'
import type { Course } from './trend-values.ts'

/**
 * Runs of dates, two or more, on each of which resting heart rate lay 4/min or more above the median of the 28 dates before the run (Alavi
 * 2022, Nat Med 28:175: two nights running). However long, a run is told once, on its second date. A level shift that is noticed ends it,
 * and from then on only the new level is the usual.
 */
export function elevationsOf(course: Course, shifts: readonly Noticed[]): Noticed[] {
  const found: Noticed[] = []
  const { dates, values } = course
  for (let from = 0; from < dates.length; ) {
    const usual = usualBefore(course, from, shifts)
    const to = usual === undefined ? from : endOfRun(course, from, usual, shifts)
    if (usual !== undefined && to - from >= 2)
      found.push({
        kind: 'elevation',
        metric: 'resting_heart_rate',
        unit: trendMetrics.resting_heart_rate.unit,
        date: dates[from] ?? '',
        noticedOn: dates[from + 1] ?? '',
        until: dates[to - 1] ?? '',
        before: usual,
        after: median(values.slice(from, from + 2)),
      })
    from = Math.max(from + 1, to)
  }
  return found
}

/** Undefined where too few days are known. */
function usualBefore({ dates, values }: Course, at: number, shifts: readonly Noticed[]): number | undefined {
  const date = dates[at] ?? ''
  const level = shifts.findLast(({ noticedOn }) => noticedOn < date)?.date ?? ''
  const window = shiftDate(date, -baselineDays)
  const since = level > window ? level : window
  const known: number[] = []
  for (let k = at - 1; k >= 0 && (dates[k] ?? '') >= since; k--) known.push(values[k] ?? Number.NaN)
  return known.length >= baselineNeeds ? median(known) : undefined
}

/** The first place that is not of the run any more. */
function endOfRun({ dates, values }: Course, from: number, usual: number, shifts: readonly Noticed[]): number {
  const noticed = shifts.find(({ noticedOn }) => noticedOn > (dates[from] ?? ''))?.noticedOn ?? '9999-12-31'
  let to = from
  while (to < dates.length && (dates[to] ?? '') <= noticed && (values[to] ?? Number.NaN) - usual >= goals.raisedRestingHeartRate) {
    if (to > from && dates[to] !== shiftDate(dates[to - 1] ?? '', 1)) break
    to++
  }
  return to
}
