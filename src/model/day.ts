import { z } from 'zod'
import { Instant } from './text.ts'

/** Why a figure is absent or doubtful. `have` and `need` share the unit that the code implies (minutes, nights, samples). */
export const Reason = z.object({
  field: z.string(),
  code: z.string(),
  have: z.number().optional(),
  need: z.number().optional(),
  detail: z.string().optional(),
})
export type Reason = z.infer<typeof Reason>

/** Who gave a field its value: each source's share of it (0–1) and how many of its samples counted. */
export const Provenance = z.object({
  method: z.string(),
  sources: z.array(
    z.object({ id: z.string(), name: z.string(), kind: z.string(), share: z.number().min(0).max(1), samples: z.int().min(0) }),
  ),
  alternatives: z.array(z.object({ id: z.string(), name: z.string(), value: z.number(), unit: z.string() })).optional(),
})
export type Provenance = z.infer<typeof Provenance>

export const StageSpan = z.object({
  startTime: z.string(),
  endTime: z.string(),
  stage: z.enum(['awake', 'light', 'deep', 'rem', 'unspecified']),
})
export type StageSpan = z.infer<typeof StageSpan>

export const StagesMinutes = z.object({
  light: z.number().min(0),
  deep: z.number().min(0),
  rem: z.number().min(0),
  unspecified: z.number().min(0),
})

/** The main sleep that ends on the date. Minutes come from instants, so a night over a clock change is as long as it was. */
export const Night = z.object({
  onset: z.string(),
  wake: z.string(),
  /** Local date on which the person went to sleep. */
  bedtimeDate: z.string(),
  asleepMinutes: z.number().min(0),
  inBedMinutes: z.number().min(0).optional(),
  awakeMinutes: z.number().min(0),
  awakenings: z.int().min(0),
  onsetLatencyMinutes: z.number().min(0).optional(),
  /** Absent where the method gives sleep and wake only. */
  stagesMinutes: StagesMinutes.optional(),
  efficiency: z.number().min(0).max(1).optional(),
  /** What efficiency is divided by: time in bed, or onset to final wake. */
  efficiencyBasis: z.enum(['time_in_bed', 'maintenance']).optional(),
  source: z.string(),
  /** `device_stages`, `device_sleep`, `cole_kripke`, or the name of the model that staged the night. */
  method: z.string().regex(/^[a-z][a-z0-9_-]{0,99}$/),
  methodVersion: z.string(),
  confidence: z.number().min(0).max(1).optional(),
  /** Where both a device and a model staged the night: how far they agree, over so many epochs. */
  agreement: z
    .object({
      model: z.string(),
      version: z.string(),
      epochs: z.int().min(1),
      accuracy: z.number().min(0).max(1),
      kappa: z.number().min(-1).max(1).optional(),
    })
    .optional(),
  spans: z.array(StageSpan).optional(),
})
export type Night = z.infer<typeof Night>

export const Nap = z.object({ onset: z.string(), wake: z.string(), asleepMinutes: z.number().min(0), source: z.string() })
export type Nap = z.infer<typeof Nap>

export const DayHeartRate = z.object({
  resting: z.number().min(30).max(220).optional(),
  average: z.number().min(30).max(220).optional(),
  min: z.number().min(30).max(220).optional(),
  max: z.number().min(30).max(220).optional(),
  /** How `resting` was found. */
  method: z.enum(['device', 'lowest_5min_asleep', 'lowest_5min_day']).optional(),
})

export const DayWorkout = z.object({
  type: z.string(),
  startTime: z.string(),
  endTime: z.string(),
  durationMinutes: z.number().min(0),
  energyKcal: z.number().min(0).optional(),
  distanceMeters: z.number().min(0).optional(),
  averageHeartRate: z.number().optional(),
  source: z.string(),
})

export const Coverage = z.object({
  /** Minutes of the local date: 1380, 1440 or 1500 unless the person travelled. */
  dayMinutes: z.number(),
  /** Minutes with heart rate or movement within 10 minutes. */
  wornMinutes: z.number(),
  /** Minutes touched by each metric. */
  metrics: z.record(z.string(), z.number()),
})

/** The merged truth of one local calendar date of one person. Derived: made again from sessions at any time. A field without enough data is absent and explained in `reasons`. */
export const Day = z.object({
  userId: z.string(),
  date: z.iso.date(),
  zone: z.string(),
  steps: z.int().min(0).optional(),
  distanceMeters: z.number().min(0).optional(),
  flightsClimbed: z.int().min(0).optional(),
  activeEnergyKcal: z.number().min(0).optional(),
  basalEnergyKcal: z.number().min(0).optional(),
  /** Active plus basal; absent unless both are known for most of the day. */
  caloriesBurned: z.number().min(0).optional(),
  /** The device's exercise minutes. */
  exerciseMinutes: z.number().min(0).optional(),
  /** Moderate and vigorous minutes by the rule of conventions 4 (device exercise minutes first). */
  activeMinutes: z.number().min(0).optional(),
  /** Minutes by cadence and heart rate, also where the device gives exercise minutes. */
  moderateMinutes: z.int().min(0).optional(),
  vigorousMinutes: z.int().min(0).optional(),
  /** Awake and worn without a step. `bouts` are stretches of at least an hour. */
  sedentary: z.object({ minutes: z.int().min(0), longestMinutes: z.int().min(0), bouts: z.int().min(0) }).optional(),
  /** Mean steps an hour by the local clock, from midnight on; null for an hour of which too little is known. */
  hourlySteps: z.array(z.number().min(0).nullable()).length(24).optional(),
  /** Minutes in five zones of the heart rate reserve, and where each begins, /min. */
  heartRateZones: z.object({ minutes: z.array(z.number().min(0)).length(5), limits: z.array(z.number()).length(5) }).optional(),
  /** By Edwards: minutes in his five zones times 1 to 5. */
  trainingLoad: z.number().min(0).optional(),
  standHours: z.int().min(0).optional(),
  sleep: Night.optional(),
  naps: z.array(Nap),
  heartRate: DayHeartRate,
  hrv: z
    .object({
      value: z.number().min(0).max(500),
      kind: z.enum(['sdnn', 'rmssd']),
      window: z.enum(['night', 'spot', '24h']),
      samples: z.int().min(1),
    })
    .optional(),
  respiratoryRate: z.number().optional(),
  oxygenSaturation: z.number().optional(),
  bodyWeightKg: z.number().optional(),
  workouts: z.array(DayWorkout),
  /** The device's own words about the whole day, kept beside ours. */
  deviceSummary: z
    .object({
      source: z.string(),
      activeEnergyKcal: z.number().optional(),
      exerciseMinutes: z.number().optional(),
      standHours: z.number().optional(),
    })
    .optional(),
  coverage: Coverage,
  /** By field name of this document, dotted for nested ones (`heartRate.resting`). */
  provenance: z.record(z.string(), Provenance),
  /** By field name: the algorithm behind it, `resting_heart_rate@1.0.0`. */
  methods: z.record(z.string(), z.string()).optional(),
  reasons: z.array(Reason),
  flags: z.array(z.string()),
  revision: z.int().min(1),
  algorithm: z.string(),
  algorithmVersion: z.string(),
  inputHash: z.string(),
  /** When this revision was made. */
  madeAt: Instant.optional(),
})
export type Day = z.infer<typeof Day>
