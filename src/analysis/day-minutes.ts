import type { MetricName } from '../model/metrics.ts'
import type { Series } from '../model/series.ts'
import type { SourceKind } from '../model/source.ts'
import { type MinuteGrid, maxByMinute, spreadOverMinutes, touchedMinutes, windowMeans } from '../signal/minute-grid.ts'
import type { DayInput } from './day-input.ts'
import { type DayFrame, minuteMs } from './frame.ts'
import { highestHeartRate } from './heart-zones.ts'
import { intensityOf } from './intensity.ts'
import { type Pulse, pulseOf } from './pulse.ts'

/** The date minute by minute. */
export interface DayMinutes {
  readonly grid: MinuteGrid
  /** 1 where something worn measured: heart rate, or movement above zero, within 10 minutes. */
  readonly worn: Uint8Array
  /** Steps in each minute by the source that counted most; absent where no source counted any time of the date. */
  readonly steps?: Float64Array
  readonly pulse?: Pulse
  /** 0 less than moderate, 1 moderate, 2 vigorous; absent where nothing tells. */
  readonly effort?: Uint8Array
}

const reachMs = 10 * minuteMs
const movement: readonly MetricName[] = ['steps', 'distance_walking_running', 'active_energy', 'activity_counts']
/** A phone that counts steps is carried, not worn. */
const wornKinds: ReadonlySet<SourceKind> = new Set(['watch', 'ring', 'strap'])

export function dayMinutesOf(frame: DayFrame, { series, ageYears }: DayInput): DayMinutes {
  const grid: MinuteGrid = { fromMs: frame.fromMs, minutes: frame.minutes }
  const moved = series.filter(({ metric, source }) => movement.includes(metric) && wornKinds.has(source.kind))
  const worn = touchedMinutes(moved, grid, { reachMs, above: 0 }, touchedMinutes(frame.series('heart_rate'), grid, { reachMs }))
  const steps = stepsIn(frame, grid)
  const pulse = pulseOf(frame, frame.fromMs, frame.toMs)
  const effort = effortIn(grid, steps, ageYears === undefined || pulse === undefined ? undefined : { pulse, ageYears })
  return { grid, worn, ...(steps && { steps }), ...(pulse && { pulse }), ...(effort && { effort }) }
}

function stepsIn(frame: DayFrame, grid: MinuteGrid): Float64Array | undefined {
  return frame
    .series('steps')
    .filter((series) => touches(series, frame))
    .map((series) => spreadOverMinutes(series, grid))
    .reduce<Float64Array | undefined>((most, each) => (most === undefined ? each : maxByMinute(most, each)), undefined)
}

function touches({ startMs, endMs }: Series, { fromMs, toMs }: DayFrame): boolean {
  for (let i = 0; i < startMs.length && (startMs[i] as number) < toMs; i++) if ((endMs[i] as number) >= fromMs) return true
  return false
}

function effortIn(
  grid: MinuteGrid,
  steps: Float64Array | undefined,
  heart: { readonly pulse: Pulse; readonly ageYears: number } | undefined,
): Uint8Array | undefined {
  if (steps === undefined && heart === undefined) return undefined
  return intensityOf({
    steps: steps ?? new Float64Array(grid.minutes),
    ...(heart && { bpm: windowMeans(heart.pulse, grid), highestBpm: highestHeartRate(heart.ageYears) }),
  })
}
