import type { Day } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'

type Field = keyof Day

/** The metrics that a field tells of: it is seen by who may see all of them. */
const metricsOf = {
  steps: ['steps'],
  distanceMeters: ['distance_walking_running'],
  flightsClimbed: ['flights_climbed'],
  activeEnergyKcal: ['active_energy'],
  basalEnergyKcal: ['basal_energy'],
  caloriesBurned: ['active_energy', 'basal_energy'],
  exerciseMinutes: ['exercise_minutes'],
  activeMinutes: ['exercise_minutes', 'heart_rate', 'steps'],
  moderateMinutes: ['heart_rate', 'steps'],
  vigorousMinutes: ['heart_rate', 'steps'],
  sedentary: ['heart_rate', 'sleep_session', 'steps'],
  hourlySteps: ['steps'],
  heartRateZones: ['heart_rate', 'resting_heart_rate'],
  trainingLoad: ['heart_rate'],
  standHours: ['stand_hours'],
  sleep: ['sleep_session'],
  naps: ['sleep_session'],
  heartRate: ['heart_rate', 'resting_heart_rate'],
  hrv: ['hrv_sdnn', 'hrv_rmssd'],
  respiratoryRate: ['respiratory_rate'],
  oxygenSaturation: ['oxygen_saturation'],
  bodyWeightKg: ['body_weight'],
  workouts: ['workout'],
  deviceSummary: ['active_energy', 'exercise_minutes', 'stand_hours'],
} as const satisfies Partial<Record<Field, readonly MetricName[]>>

/** The parts of a day that tell of these metrics. How long something was worn is told by all of them together, so it is not told. */
export function visibleDay(day: Day, metrics: ReadonlySet<MetricName>): Day {
  const isSeen = (name: string) => {
    const [field = ''] = name.split('.')
    return isMeasured(field) && metricsOf[field].every((metric) => metrics.has(metric))
  }
  const fields = Object.entries(day).filter(([name]) => !isMeasured(name) || isSeen(name))
  return {
    naps: [],
    workouts: [],
    heartRate: {},
    ...(Object.fromEntries(fields) as Omit<Day, 'naps' | 'workouts' | 'heartRate'>),
    coverage: {
      dayMinutes: day.coverage.dayMinutes,
      wornMinutes: 0,
      metrics: Object.fromEntries(Object.entries(day.coverage.metrics).filter(([metric]) => metrics.has(metric as MetricName))),
    },
    provenance: Object.fromEntries(Object.entries(day.provenance).filter(([name]) => isSeen(name))),
    ...(day.methods && { methods: Object.fromEntries(Object.entries(day.methods).filter(([name]) => isSeen(name))) }),
    reasons: [...day.reasons.filter(({ field }) => isSeen(field)), { field: 'coverage.wornMinutes', code: 'not_shared' }],
    flags: day.flags.filter((flag) => flag === 'short_day' || flag === 'long_day'),
  }
}

function isMeasured(name: string): name is keyof typeof metricsOf {
  return Object.hasOwn(metricsOf, name)
}
