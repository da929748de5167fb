import type { HandedSamples } from '../model/handed-samples.ts'
import type { HandedSession } from '../model/handed-session.ts'
import type { MetricName } from '../model/metrics.ts'
import { metrics } from '../model/metrics.ts'
import { wholeBpm } from '../model/quality-heart.ts'
import type { Words } from '../model/sample-table.ts'
import type { SleepWord } from '../model/series.ts'
import { conversion } from '../model/units.ts'
import { TOTAL } from './session-series.ts'

/** Samples of one metric, in the metric's unit and in the order in which they came. */
export interface Block {
  readonly metric: MetricName
  readonly count: number
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly value: Float64Array
  /** As the client said it, NaN where that is `value`; absent where it is for all. */
  readonly raw?: Float64Array
  readonly rawUnit?: string
  /** The metric cannot have this unit. */
  readonly isUnitUnknown?: true
  readonly text?: Words
  readonly metadata?: Words
  readonly offset?: Words
  readonly flags?: Words
}

/** A session of at most 24 hours, or what one of more is cut into. */
export interface Part {
  readonly startMs: number
  readonly endMs: number
}

/** All that a session says as samples: what is one, its stages as intervals, its totals as one interval a part. */
export function blocksOf(session: HandedSession, parts: readonly Part[]): Block[] {
  const { heartRate, series, sleep } = session
  const has = new Set(series.map(({ metric }) => metric))
  return [
    ...(heartRate && heartRate.count > 0 ? [blockOf('heart_rate', '/min', heartRate)] : []),
    ...series.flatMap(({ metric, unit, samples }) => (samples.count > 0 ? [blockOf(metric, unit, samples)] : [])),
    ...(sleep && sleep.stages.length > 0 ? [sleepBlock(sleep.stages)] : []),
    ...totalBlocks(session, parts).filter(({ metric }) => !has.has(metric)),
  ]
}

function blockOf(metric: MetricName, unit: string, samples: HandedSamples): Block {
  const { count, startMs, endMs, metadata, offset, flags } = samples
  const block = { metric, count, startMs, endMs, metadata, offset, flags }
  const convert = unit === metrics[metric].unit ? { factor: 1, offset: 0 } : conversion(metric, unit)
  if (convert === undefined) return { ...block, value: samples.value, rawUnit: unit, isUnitUnknown: true }
  const isSame = convert.factor === 1 && convert.offset === 0
  const converted = isSame ? samples.value : samples.value.map((value) => value * convert.factor + convert.offset)
  const value = metric === 'heart_rate' ? wholeNumbers(converted) : converted
  if (value === samples.value) return { ...block, value }
  const raw = samples.value.map((said, at) => (said === value[at] ? Number.NaN : said))
  return { ...block, value, raw, ...(!isSame && { rawUnit: unit }) }
}

/** The same array where all are whole already. What cannot be a heart rate stays as it is, so that it is not rounded into one. */
function wholeNumbers(bpm: Float64Array): Float64Array {
  for (let at = 0; at < bpm.length; at++)
    if (!Number.isInteger(bpm[at])) return bpm.map((each) => (each >= 30 && each <= 220 ? wholeBpm(each) : each))
  return bpm
}

/** Sleep is kept in the words of HealthKit, which the analysis reads. */
const sleepText: Readonly<Record<SleepWord, string>> = {
  in_bed: 'HKCategoryValueSleepAnalysisInBed',
  asleep_unspecified: 'HKCategoryValueSleepAnalysisAsleepUnspecified',
  awake: 'HKCategoryValueSleepAnalysisAwake',
  light: 'HKCategoryValueSleepAnalysisAsleepCore',
  deep: 'HKCategoryValueSleepAnalysisAsleepDeep',
  rem: 'HKCategoryValueSleepAnalysisAsleepREM',
  out_of_bed: 'HKCategoryValueSleepAnalysisAwake',
  unknown: 'unknown',
}

function sleepBlock(stages: NonNullable<HandedSession['sleep']>['stages']): Block {
  const startMs = Float64Array.from(stages, (stage) => stage.startMs)
  const endMs = Float64Array.from(stages, (stage) => stage.endMs)
  const texts = [...new Set(stages.map(({ word }) => sleepText[word]))]
  const said = [...new Set(stages.map((stage) => stageMetadata(stage)))]
  return {
    metric: 'sleep_session',
    count: stages.length,
    startMs,
    endMs,
    value: endMs.map((end, at) => (end - (startMs[at] as number)) / 60_000),
    text: { codes: Int32Array.from(stages, ({ word }) => texts.indexOf(sleepText[word])), words: texts },
    metadata: { codes: Int32Array.from(stages, (stage) => said.indexOf(stageMetadata(stage))), words: said },
  }
}

function stageMetadata({ said, confidence }: NonNullable<HandedSession['sleep']>['stages'][number]): string {
  return JSON.stringify({ stage: said, ...(confidence !== undefined && { confidence }) })
}

const inMeters = (value: number, unit: string) => value * (conversion('distance_walking_running', unit)?.factor ?? 1)
const inKcal = (value: number, unit: string) => value * (conversion('active_energy', unit)?.factor ?? 1)

function totalBlocks({ activity, startMs, endMs }: HandedSession, parts: readonly Part[]): Block[] {
  if (!activity) return []
  const { steps, distance, activeEnergy, workout } = activity
  const spread = (metric: MetricName, total: number): Block => ({
    metric,
    count: parts.length,
    startMs: Float64Array.from(parts, (part) => part.startMs),
    endMs: Float64Array.from(parts, (part) => part.endMs),
    value: Float64Array.from(parts, (part) => (total * (part.endMs - part.startMs)) / (endMs - startMs)),
    flags: { codes: new Int32Array(parts.length), words: [TOTAL] },
  })
  return [
    ...(steps ? [spread('steps', steps.total)] : []),
    ...(distance ? [spread('distance_walking_running', inMeters(distance.value, distance.unit))] : []),
    ...(activeEnergy ? [spread('active_energy', inKcal(activeEnergy.value, activeEnergy.unit))] : []),
    ...(workout ? [workoutBlock(workout, startMs, endMs)] : []),
  ]
}

type Workout = NonNullable<NonNullable<HandedSession['activity']>['workout']>

/** From the start of the session, for as long as it says. */
function workoutBlock(workout: Workout, startMs: number, endMs: number): Block {
  const untilMs = workout.duration === undefined ? endMs : startMs + Math.max(1, workout.duration * 1000)
  const text = { codes: new Int32Array(1), words: [workoutText(workout)] }
  return {
    metric: 'workout',
    count: 1,
    startMs: Float64Array.of(startMs),
    endMs: Float64Array.of(untilMs),
    value: Float64Array.of((untilMs - startMs) / 60_000),
    text,
  }
}

function workoutText({ type, intensity }: Workout): string {
  return JSON.stringify({ attributes: { workoutActivityType: type, ...(intensity !== undefined && { intensity }) } })
}
