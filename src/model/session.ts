import { z } from 'zod'
import { isFlagCode, isQuarantineCode } from './marks.ts'
import { metricNames } from './metrics.ts'
import { Source } from './source.ts'
import { CalendarDate, endAfterStart, Id, Instant, text, Zone } from './text.ts'

/** Null or absent where the device states none: never invented. */
const Confidence = z.number().min(0).max(1).nullish()

export const HeartRateSample = z.object({
  sampleId: Id.optional(),
  timestamp: Instant,
  /** Beats per minute. */
  value: z.number().min(30).max(220),
  confidence: Confidence,
  confidenceSource: z.string().optional(),
  context: text(0, 200).nullish(),
})
export type HeartRateSample = z.infer<typeof HeartRateSample>

export const HeartRateData = z.object({
  /** Absent where the samples stay in their file. */
  samples: z.array(HeartRateSample).optional(),
  /** Computed here from the accepted samples; `standardDeviation` is that of the population. */
  statistics: z.record(z.string(), z.number()).optional(),
  /** The client's own statistics. */
  reported: z.record(z.string(), z.number()).optional(),
})

export const SessionActivity = z.object({
  steps: z.object({ total: z.int().min(0), cadence: z.number().min(0).optional(), confidence: Confidence }).optional(),
  distance: z.object({ value: z.number().min(0), unit: z.enum(['meters', 'm', 'km', 'mi', 'miles', 'ft', 'yd']) }).optional(),
  /** `calories` means kilocalories. */
  activeEnergy: z.object({ value: z.number().min(0), unit: z.enum(['kcal', 'calories', 'Cal', 'kJ', 'J']) }).optional(),
  /** `duration` in seconds. */
  workout: z.object({ type: text(1, 100), intensity: text(1, 100).optional(), duration: z.number().min(0).optional() }).optional(),
})
export type SessionActivity = z.infer<typeof SessionActivity>

export const SleepStage = z
  .object({ startTime: Instant, endTime: Instant, stage: z.enum(['awake', 'light', 'deep', 'rem']), confidence: Confidence })
  .superRefine(endAfterStart)
export type SleepStage = z.infer<typeof SleepStage>

const SleepSpan = z.object({ startTime: Instant, endTime: Instant }).superRefine(endAfterStart)

export const SessionSleep = z.object({
  stages: z.array(SleepStage),
  /** Sleep that no stage is known for: counted as sleep, in no stage. */
  unstaged: z.array(SleepSpan).optional(),
  inBed: z.array(SleepSpan).optional(),
  quality: z
    .object({
      score: z.int().min(0).max(100).nullish(),
      efficiency: z.number().min(0).max(1).nullish(),
      disturbances: z.int().min(0).nullish(),
    })
    .optional(),
})
export type SessionSleep = z.infer<typeof SessionSleep>

export const SessionSeries = z.object({
  /** Of the metrics table. */
  unit: text(1, 40),
  samples: z.array(
    z.object({ sampleId: Id.optional(), startTime: Instant, endTime: Instant.optional(), value: z.number(), confidence: Confidence }),
  ),
})

export const Counts = z.object({
  received: z.int().min(0),
  accepted: z.int().min(0),
  duplicate: z.int().min(0),
  quarantined: z.int().min(0),
  rejected: z.int().min(0),
})
export type Counts = z.infer<typeof Counts>

const FlagCode = z.string().refine(isFlagCode)
const QuarantineCode = z.string().refine(isQuarantineCode)

export const SessionQuality = z.object({
  /** The worst that befell anything in it. */
  verdict: z.enum(['accept', 'normalise', 'flag', 'quarantine']),
  flags: z.array(z.object({ code: FlagCode, count: z.int().min(1), detail: z.string().optional() })),
  /** How many samples were set aside, by reason. */
  quarantined: z.record(QuarantineCode, z.int().min(1)),
  counts: Counts.optional(),
})
export type SessionQuality = z.infer<typeof SessionQuality>

const fileOf = {
  /** Of the session's own file, as its SHA-256 is. */
  length: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int().min(0),
}

/** One columnar file among the raw health data, or a part of one. */
export const StoredSamples = z.object({
  key: text(1, 500),
  /** Where the session's own file begins in an object that it shares with others; absent where the object is its own. */
  offset: z.int().min(0).optional(),
  inline: z.never().optional(),
  ...fileOf,
})
export type StoredSamples = z.infer<typeof StoredSamples>

/** So small a file stands in the document, until its month is packed: then a session is kept in one durable write. */
export const InlineSamples = z.object({
  key: z.never().optional(),
  offset: z.never().optional(),
  /** The file in base64. */
  inline: z.base64().max(65_536),
  ...fileOf,
})
export type InlineSamples = z.infer<typeof InlineSamples>

/** Where the samples of a session lie. */
export const SamplesPointer = z.union([StoredSamples, InlineSamples])
export type SamplesPointer = z.infer<typeof SamplesPointer>

export const SessionWorkout = z.object({
  type: text(1, 100),
  startTime: Instant,
  endTime: Instant,
  durationMinutes: z.number().min(0).optional(),
  energyKcal: z.number().min(0).optional(),
  distanceMeters: z.number().min(0).optional(),
  averageHeartRate: z.number().min(30).max(220).optional(),
})
export type SessionWorkout = z.infer<typeof SessionWorkout>

/** The device's own statement about a whole local day: evidence beside the samples, never added to them. */
export const SessionSummary = z.object({
  date: CalendarDate,
  activeEnergyKcal: z.number().min(0).optional(),
  exerciseMinutes: z.number().min(0).optional(),
  standHours: z.number().min(0).optional(),
})

/** The session as the specification has it; what is added to it is optional. Its length is a matter of `quality.ts`. */
export const HealthSession = z.object({
  userId: Id.optional(),
  sessionInfo: z
    .object({
      sessionId: Id,
      startTime: Instant,
      endTime: Instant,
      dataSource: text(1, 500),
      dataTypes: z.array(text(1, 100)).max(1000),
    })
    .superRefine(endAfterStart),
  heartRate: HeartRateData.optional(),
  activity: SessionActivity.optional(),
  sleep: SessionSleep.optional(),
  series: z.partialRecord(z.enum(metricNames), SessionSeries).optional(),
  /** Ids of samples that an update removes. */
  deleted: z.array(Id).optional(),
  quality: SessionQuality.optional(),
  samples: SamplesPointer.optional(),
  workouts: z.array(SessionWorkout).optional(),
  summary: SessionSummary.optional(),
  /** All that the device said of its day, as it said it. */
  summaryRecords: z.array(text(1, 10_000)).optional(),
  localDate: CalendarDate.optional(),
  zone: z.union([Zone, z.string().regex(/^[+-](?:0\d|1[0-8]):[0-5]\d$/)]).optional(),
  zoneOffset: z
    .string()
    .regex(/^(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d)$/)
    .optional(),
  source: Source.optional(),
  splitFrom: Id.optional(),
  /** How many parts a session of more than 24 hours became, this one included. */
  parts: z.int().min(2).max(60).optional(),
  /** What was said and is not kept elsewhere, by JSON Pointer: unknown fields, and figures that cannot be right. */
  raw: z.record(z.string(), z.unknown()).optional(),
  /** Of what was handed in: the same session sent again is known by it. */
  contentSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  revision: z.int().min(1).optional(),
})
export type HealthSession = z.infer<typeof HealthSession>

/** A session that was accepted and kept: one source, one local date. */
export const StoredSession = HealthSession.required({
  userId: true,
  quality: true,
  localDate: true,
  zone: true,
  source: true,
  revision: true,
})
export type StoredSession = z.infer<typeof StoredSession>

/** What is left under the id of a session that was deleted: a phone that comes late must not bring it back. In no index, so that nothing lists it. */
export const SessionTombstone = z.object({
  userId: Id,
  sourceId: Source.shape.id,
  deletedAt: Instant,
  /** Of the session that went; one that is restored counts on from it. */
  revision: z.int().min(1),
})
export type SessionTombstone = z.infer<typeof SessionTombstone>

/** What stands at `users/{userId}/healthSessions/{sessionId}`. */
export const KeptSession = z.union([StoredSession, SessionTombstone])
export type KeptSession = z.infer<typeof KeptSession>

export function isTombstone(kept: KeptSession): kept is SessionTombstone {
  return 'deletedAt' in kept
}

/** The specification's flat activity sample, beside the nested form of its example. */
export const FlatActivity = z.object({
  timestamp: Instant,
  steps: z.int().min(0).nullish(),
  distance: z.number().min(0).nullish(),
  activeEnergy: z.number().min(0).nullish(),
  workoutType: text(1, 100).nullish(),
})
export type FlatActivity = z.infer<typeof FlatActivity>

/** The flat form said in the nested one. */
export function nestedActivity({ steps, distance, activeEnergy, workoutType }: FlatActivity): SessionActivity {
  return {
    ...(typeof steps === 'number' && { steps: { total: steps } }),
    ...(typeof distance === 'number' && { distance: { value: distance, unit: 'meters' } }),
    ...(typeof activeEnergy === 'number' && { activeEnergy: { value: activeEnergy, unit: 'kcal' } }),
    ...(typeof workoutType === 'string' && { workout: { type: workoutType } }),
  }
}
