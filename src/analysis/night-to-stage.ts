import type { MetricName } from '../model/metrics.ts'
import type { Series } from '../model/series.ts'
import type { ZoneTimeline } from '../model/zone.ts'
import type { DayInput } from './day-input.ts'
import { noFindings } from './findings.ts'
import { frameOf } from './frame.ts'
import { type Pulse, pulseOf } from './pulse.ts'
import { addSleep } from './sleep.ts'
import type { Span } from './sleep-stages.ts'

/** The main sleep of a date, for a model to stage, and what was measured in it. */
export interface NightToStage {
  /** In bed where a device says so, else from falling asleep to waking; epoch ms. */
  readonly fromMs: number
  readonly toMs: number
  /** A device told stages, so that a model can only be held against them. */
  readonly isStaged: boolean
  /** What was told of it, by a device or an estimate. */
  readonly spans: readonly Span[]
  readonly zones: ZoneTimeline
  /** Heart rate by the source that covers most of the time around the night, without isolated spikes; absent without any. */
  readonly pulse?: Pulse
  /** All series of a metric that the day was given: counts, steps, energy. */
  readonly series: (metric: MetricName) => readonly Series[]
}

/** Before and after the night, for features that look around. */
const marginMs = 3_600_000

/** What a model may stage of the date: undefined where no sleep was found. The answer goes back into the day as `staging`. */
export function nightToStage(input: DayInput): NightToStage | undefined {
  const frame = frameOf(input)
  const findings = noFindings()
  const { main } = addSleep(frame, { sleep: input.sleep }, findings)
  if (main === undefined) return undefined
  const latencyMs = (findings.fields.sleep?.onsetLatencyMinutes ?? 0) * 60_000
  const fromMs = main.onsetMs - latencyMs
  const pulse = pulseOf(frame, fromMs - marginMs, main.wakeMs + marginMs)
  return {
    fromMs,
    toMs: main.wakeMs,
    isStaged: main.staged,
    spans: main.spans,
    zones: input.zones,
    series: frame.series,
    ...(pulse && { pulse }),
  }
}
