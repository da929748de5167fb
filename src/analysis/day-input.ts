import type { MetricName } from '../model/metrics.ts'
import type { Beats, DailySummary, Series, SleepInterval, WorkoutInterval } from '../model/series.ts'
import type { SourceOrder } from '../model/source.ts'
import type { Staging } from '../model/staging.ts'
import type { ZoneTimeline } from '../model/zone.ts'

export interface EarlySample {
  readonly metric: MetricName
  readonly startMs: number
}

/** Everything that one local date is made from: the sessions of that date and of the date before it (the night). */
export interface DayInput {
  readonly userId: string
  readonly date: string
  readonly zones: ZoneTimeline
  readonly series: readonly Series[]
  readonly sleep: readonly SleepInterval[]
  readonly workouts: readonly WorkoutInterval[]
  readonly summaries: readonly DailySummary[]
  readonly beats: readonly Beats[]
  /** The night as a model staged it: what `nightToStage` asked for. */
  readonly staging?: Staging
  /** Samples that came from a clock that was ahead; not in the rest while the day is not over. */
  readonly early?: readonly EarlySample[]
  /** The day is over: they are in the rest. */
  readonly isEarlyTold?: boolean
  /** First wins. */
  readonly priority: SourceOrder
  /** Whole years on that date, if the profile says. */
  readonly ageYears?: number
  /** Hash of the sessions' content, for `inputHash`. */
  readonly inputHash: string
}
