import { type MetricName, metricNames, metrics } from './metrics.ts'
import type { Source } from './source.ts'

/** Numbers over time; sleep and workouts are intervals with a word. */
export const seriesMetrics: readonly MetricName[] = metricNames.filter(
  (name) => metrics[name].kind !== 'category' || name === 'stand_hours',
)

const seriesNames: ReadonlySet<string> = new Set(seriesMetrics)

export function isSeriesMetric(name: string): name is MetricName {
  return seriesNames.has(name)
}

/** Samples of one metric by one source, sorted by start. Instants are epoch milliseconds; an instant sample ends where it starts. Values are in the metric's unit of the table. Quarantined samples are never in a series. */
export interface Series {
  readonly metric: MetricName
  readonly source: Source
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly value: Float64Array
  /** 1 where the person typed the value in. */
  readonly manual: Uint8Array
  /** What its source counted over whole sessions: of which its samples may tell a part, or all. */
  readonly isTotal?: true
}

/** Sleep words as devices say them; `in_bed` and `asleep_unspecified` are wrappers, not stages (conventions 2). */
export type SleepWord = 'in_bed' | 'asleep_unspecified' | 'awake' | 'light' | 'deep' | 'rem' | 'out_of_bed' | 'unknown'

export interface SleepInterval {
  readonly source: Source
  readonly word: SleepWord
  readonly startMs: number
  readonly endMs: number
}

export interface WorkoutInterval {
  readonly source: Source
  /** snake_case activity, e.g. `running`. */
  readonly type: string
  readonly startMs: number
  readonly endMs: number
  readonly energyKcal?: number
  readonly distanceM?: number
  readonly averageHeartRate?: number
}

/** A device's own statement about a whole local day (Apple's activity rings). Evidence beside the samples, never added to them. */
export interface DailySummary {
  readonly source: Source
  readonly date: string
  readonly activeEnergyKcal?: number
  readonly exerciseMinutes?: number
  readonly standHours?: number
}

/** Instants of heart beats where the source gives them (Apple's HRV beat list), epoch ms ascending, and the rate at each, /min. */
export interface Beats {
  readonly source: Source
  readonly startMs: Float64Array
  readonly bpm: Float64Array
}
