import type { Day } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import type { SourceKind } from '../model/source.ts'
import { countSet, type MinuteGrid, touchedMinutes } from '../signal/minute-grid.ts'
import type { DayInput } from './day-input.ts'
import { type DayFrame, minuteMs } from './frame.ts'

const reachMs = 10 * minuteMs
const movement: readonly MetricName[] = ['steps', 'distance_walking_running', 'active_energy', 'activity_counts']
/** A phone that counts steps is carried, not worn. */
const wornKinds: ReadonlySet<SourceKind> = new Set(['watch', 'ring', 'strap'])

/** Minutes worn (heart rate, or movement above zero of something worn, within 10 minutes) and minutes touched by each metric. */
export function coverageOf(frame: DayFrame, { series }: DayInput): Day['coverage'] {
  const grid: MinuteGrid = { fromMs: frame.fromMs, minutes: frame.minutes }
  const metrics: Record<string, number> = {}
  for (const metric of [...new Set(series.map((each) => each.metric))].sort()) {
    const minutes = countSet(touchedMinutes(frame.series(metric), grid))
    if (minutes > 0) metrics[metric] = minutes
  }
  const moved = series.filter(({ metric, source }) => movement.includes(metric) && wornKinds.has(source.kind))
  const byMovement = touchedMinutes(moved, grid, reachMs, 0)
  const worn = touchedMinutes(frame.series('heart_rate'), grid, reachMs).map((touched, minute) => touched | (byMovement[minute] ?? 0))
  return { dayMinutes: frame.minutes, wornMinutes: countSet(worn), metrics }
}
