import type { MetricName } from '../../../src/model/metrics.ts'

interface Field {
  /** The field of the day that a metric of evidence is, by which sources and method are told; undefined for goals, differences and sums. */
  readonly name: string | undefined
  /** The metric whose samples it is made of. */
  readonly samples?: MetricName
}

const fields: Readonly<Record<string, Field>> = {
  active_minutes: { name: 'activeMinutes', samples: 'exercise_minutes' },
  bedtime: { name: 'sleep' },
  distance_walking_running: { name: 'distanceMeters', samples: 'distance_walking_running' },
  hard_heart_rate_minutes: { name: 'heartRateZones', samples: 'heart_rate' },
  heart_rate: { name: 'heartRate.average', samples: 'heart_rate' },
  hrv_rmssd: { name: 'hrv', samples: 'hrv_rmssd' },
  hrv_sdnn: { name: 'hrv', samples: 'hrv_sdnn' },
  resting_heart_rate: { name: 'heartRate.resting', samples: 'resting_heart_rate' },
  sleep_deep: { name: 'sleep' },
  sleep_light: { name: 'sleep' },
  sleep_rem: { name: 'sleep' },
  stand_hours: { name: 'standHours', samples: 'stand_hours' },
  steps: { name: 'steps', samples: 'steps' },
  total_sleep_time: { name: 'sleep' },
  workout: { name: 'workouts' },
}

export function fieldOf(metric: string): Field {
  return (Object.hasOwn(fields, metric) ? fields[metric] : undefined) ?? { name: undefined }
}
