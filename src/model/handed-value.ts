import { z } from 'zod'
import { HandedConfidence, HandedHeartRate, HandedReading, HandedTime, MOST_SAMPLES } from './handed-samples.ts'
import { metricNames } from './metrics.ts'
import { sleepWordOf } from './sleep-words.ts'
import { SourceKind } from './source.ts'
import { Id, issue, text, Zone } from './text.ts'

const Stage = z.string().superRefine((word, context) => {
  if (sleepWordOf('spoken', word) === undefined) context.addIssue(issue('invalid_enum', `Invalid sleep stage: ${word.slice(0, 40)}`))
})

const setByServer = [
  'quality',
  'samples',
  'revision',
  'splitFrom',
  'parts',
  'summary',
  'summaryRecords',
  'workouts',
  'localDate',
  'contentSha256',
  'raw',
  'tenantId',
  'role',
  'status',
  'metadata',
] as const
const NotSaid = z
  .custom<undefined>((value) => value === undefined, { params: { code: 'read_only_field' }, error: 'Set by the server' })
  .optional()

const amount = z.number().min(0)
const NestedActivity = z.looseObject({
  steps: z.looseObject({ total: z.int().min(0), cadence: amount.nullish(), confidence: HandedConfidence }).nullish(),
  distance: z.looseObject({ value: amount, unit: z.enum(['meters', 'm', 'km', 'mi', 'miles', 'ft', 'yd']) }).nullish(),
  /** `calories` means kilocalories. */
  activeEnergy: z.looseObject({ value: amount, unit: z.enum(['kcal', 'calories', 'Cal', 'kJ', 'J']) }).nullish(),
  /** `duration` in seconds. */
  workout: z.looseObject({ type: text(1, 100), intensity: text(1, 100).nullish(), duration: amount.nullish() }).nullish(),
})
export type NestedActivity = z.infer<typeof NestedActivity>

/** The specification's flat activity sample. */
const FlatActivity = z.looseObject({
  timestamp: HandedTime,
  steps: z.int().min(0).nullish(),
  distance: amount.nullish(),
  activeEnergy: amount.nullish(),
  workoutType: text(1, 100).nullish(),
})
export type FlatActivity = z.infer<typeof FlatActivity>

/** What a client may hand in: the specification's session, more widely, since what is improbable is judged afterwards. Null is as absent. */
export const HandedValue = z.looseObject({
  userId: Id.nullish(),
  sessionInfo: z.looseObject({
    sessionId: Id,
    startTime: HandedTime,
    endTime: HandedTime,
    dataSource: text(1, 500),
    dataTypes: z.array(text(1, 100)).max(1000).nullish(),
  }),
  heartRate: z
    .looseObject({ samples: z.array(HandedHeartRate).nullish(), statistics: z.record(z.string(), z.number()).nullish() })
    .nullish(),
  activity: NestedActivity.nullish(),
  sleep: z
    .looseObject({
      stages: z
        .array(z.looseObject({ startTime: HandedTime, endTime: HandedTime, stage: Stage, confidence: HandedConfidence }))
        .max(MOST_SAMPLES)
        .nullish(),
      quality: z
        .looseObject({
          score: z.int().min(0).max(100).nullish(),
          efficiency: amount.nullish(),
          disturbances: z.int().min(0).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  series: z.partialRecord(z.enum(metricNames), z.looseObject({ unit: text(1, 40), samples: z.array(HandedReading) })).nullish(),
  deleted: z.array(Id).max(MOST_SAMPLES).nullish(),
  source: z.looseObject({ name: text(1, 500).nullish(), kind: SourceKind.nullish() }).nullish(),
  zone: Zone.nullish(),
  zoneOffset: z
    .string()
    .regex(/^(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d)$/)
    .nullish(),
  ...(Object.fromEntries(setByServer.map((name) => [name, NotSaid])) as Record<(typeof setByServer)[number], typeof NotSaid>),
})
export type HandedValue = z.infer<typeof HandedValue>

/** The same with the flat form of activity. */
export const HandedFlatValue = HandedValue.extend({ activity: FlatActivity })
