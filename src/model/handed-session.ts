import type { z } from 'zod'
import { activityOf, defined, sleepOf } from './handed-parts.ts'
import {
  HandedHeartRate,
  HandedReading,
  type HandedSamples,
  MOST_SAMPLES,
  type ReadTime,
  samplesFrom,
  timeReader,
} from './handed-samples.ts'
import { HandedFlatValue, HandedValue } from './handed-value.ts'
import type { MetricName } from './metrics.ts'
import { fieldProblems } from './parse.ts'
import { type FieldProblem, Problem } from './problem.ts'
import type { SleepWord } from './series.ts'
import type { SessionActivity } from './session.ts'
import type { SourceKind } from './source.ts'
import { unknownFields } from './unknown-fields.ts'

/** A session as a client handed it in, read and not yet judged. */
export interface HandedSession {
  readonly userId?: string
  readonly sessionId: string
  readonly startMs: number
  readonly endMs: number
  /** As its start has it; empty where that was a local time. */
  readonly offset: string
  readonly dataSource: string
  readonly source: { readonly name?: string; readonly kind?: SourceKind }
  readonly dataTypes: readonly string[]
  /** IANA. */
  readonly zone?: string
  readonly zoneOffset?: string
  readonly heartRate?: HandedSamples
  readonly series: readonly HandedSeries[]
  /** The client's own figures of its heart rates. */
  readonly reported?: Readonly<Record<string, number>>
  readonly activity?: SessionActivity
  readonly sleep?: HandedSleep
  /** Undefined where nothing was said of it. */
  readonly deleted?: readonly string[]
  /** What is not known, by JSON Pointer. */
  readonly unknown: Readonly<Record<string, unknown>>
  /** Of its own times. */
  readonly flags: readonly string[]
  /** A list of samples was sent and is empty. */
  readonly isEmptyList: boolean
}

export interface HandedSeries {
  readonly metric: MetricName
  readonly unit: string
  readonly samples: HandedSamples
}

export interface HandedSleep {
  readonly stages: readonly HandedStage[]
  readonly score?: number
  readonly efficiency?: number
  readonly disturbances?: number
}

export interface HandedStage {
  readonly said: string
  readonly word: SleepWord
  readonly startMs: number
  readonly endMs: number
  readonly confidence?: number
}

/** Lists of samples that were read already, by their JSON Pointer: in the value an empty list stands in their place. */
export type ReadSamples = ReadonlyMap<string, HandedSamples>

/**
 * A session from a JSON value: the one definition of what may be handed in. Throws `Problem` with every bad place, under its own code where
 * all have the same, else `invalid`; `too_many_samples` for more than 10,000.
 */
export function readHanded(value: unknown, read: ReadSamples = new Map()): HandedSession {
  refuseTooMany(value, read)
  const isFlat = memberOf(memberOf(value, 'activity'), 'timestamp') !== undefined
  const schema = isFlat ? HandedFlatValue : HandedValue
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw refusal(fieldProblems(parsed.error))
  const handed = parsed.data
  const time = timeReader(handed.zone ?? undefined)
  const unknown = unknownFields(schema, value)
  const session = sessionOf(handed, time, read, unknown.fields)
  const problems = [...time.problems, ...unknown.refused, ...orderProblems(session), ...placeProblems(session)]
  if (problems.length > 0) throw refusal(problems)
  return session
}

/** Under its own code where all bad places have the same. */
export function refusal(problems: readonly FieldProblem[]): Problem {
  const [first] = problems
  const isOne = problems.every(({ code }) => code === first?.code)
  const message = problems.length === 1 && first ? `${first.message}: ${first.pointer || 'the body'}` : 'Not a valid session'
  return new Problem(isOne && first ? first.code : 'invalid', message, { errors: problems.slice(0, 100) })
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** Counted before anything is looked at, so that too many cost nothing. */
function refuseTooMany(value: unknown, read: ReadSamples): void {
  const series = memberOf(value, 'series')
  const lists = [memberOf(memberOf(value, 'heartRate'), 'samples'), memberOf(memberOf(value, 'sleep'), 'stages')]
  for (const each of Object.values(typeof series === 'object' && series !== null ? series : {})) lists.push(memberOf(each, 'samples'))
  const inValue = lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0)
  const total = [...read.values()].reduce((sum, { count }) => sum + count, inValue)
  if (total > MOST_SAMPLES)
    throw new Problem(
      'too_many_samples',
      `A session has at most ${MOST_SAMPLES} samples: send several sessions, as NDJSON where they are many.`,
    )
}

const RATES = '/heartRate/samples'
const ofHeartRate = { start: 'timestamp', known: new Set(Object.keys(HandedHeartRate.shape)) } as const
const ofReading = { start: 'startTime', known: new Set(Object.keys(HandedReading.shape)) } as const

type Value = HandedValue | z.infer<typeof HandedFlatValue>

function sessionOf(handed: Value, time: ReadTime, read: ReadSamples, unknown: Readonly<Record<string, unknown>>): HandedSession {
  const { sessionInfo: info, heartRate, sleep } = handed
  const start = time(info.startTime, '/sessionInfo/startTime')
  const end = time(info.endTime, '/sessionInfo/endTime')
  const rates = heartRate?.samples ? (read.get(RATES) ?? samplesFrom(heartRate.samples, ofHeartRate, time, RATES)) : undefined
  const series = seriesOf(handed, time, read)
  return {
    sessionId: info.sessionId,
    dataSource: info.dataSource,
    ...defined({ userId: handed.userId, zone: handed.zone, zoneOffset: handed.zoneOffset, deleted: handed.deleted }),
    ...defined({ reported: heartRate?.statistics, heartRate: rates, activity: activityOf(handed.activity), sleep: sleepOf(sleep, time) }),
    dataTypes: info.dataTypes ?? [],
    source: defined(handed.source ?? {}),
    startMs: start?.ms ?? Number.NaN,
    endMs: end?.ms ?? Number.NaN,
    offset: start?.offset ?? '',
    series,
    unknown,
    flags: [start?.flag, end?.flag].filter((flag) => flag !== undefined),
    isEmptyList: [rates, ...series.map(({ samples }) => samples)].some((list) => list?.count === 0),
  }
}

function seriesOf({ series }: Value, time: ReadTime, read: ReadSamples): HandedSeries[] {
  return Object.entries(series ?? {}).flatMap(([metric, list]): HandedSeries[] => {
    if (!list) return []
    const pointer = `/series/${metric}/samples`
    const samples = read.get(pointer) ?? samplesFrom(list.samples, ofReading, time, pointer)
    return [{ metric: metric as MetricName, unit: list.unit, samples }]
  })
}

/** A sample may end when it starts, a session and a stage may not. */
function orderProblems({ startMs, endMs, series, sleep }: HandedSession): FieldProblem[] {
  const found: FieldProblem[] = []
  const refuse = (pointer: string) => found.push({ pointer, code: 'end_before_start', message: 'End time must be after start time' })
  if (endMs <= startMs) refuse('/sessionInfo/endTime')
  sleep?.stages.forEach((stage, at) => {
    if (stage.endMs <= stage.startMs) refuse(`/sleep/stages/${at}/endTime`)
  })
  for (const { metric, samples } of series)
    for (let at = 0; at < samples.count; at++)
      if ((samples.endMs[at] as number) < (samples.startMs[at] as number)) refuse(`/series/${metric}/samples/${at}/endTime`)
  return found
}

/** What has a place of its own is not said a second time as a series. */
function placeProblems({ series, heartRate }: HandedSession): FieldProblem[] {
  return series.flatMap(({ metric }): FieldProblem[] => {
    const place = ownPlaces[metric]
    if (place === undefined || (metric === 'heart_rate' && heartRate === undefined)) return []
    return [{ pointer: `/series/${metric}`, code: 'invalid', message: `Send it as ${place}` }]
  })
}

const ownPlaces: Partial<Record<MetricName, string>> = {
  heart_rate: 'heartRate.samples',
  sleep_session: 'sleep.stages',
  workout: 'activity.workout',
}
