import type { MetricName } from '../../../src/model/metrics.ts'

interface Field {
  /** The field of the day that a metric of evidence is, by which sources and method are told; undefined for goals, differences and sums. */
  readonly name: string | undefined
  /** The metric whose samples it is made of. */
  readonly samples?: MetricName
}

const fields: Readonly<Record<string, Field>> = {
  active_minutes: { name: 'activeMinutes', samples: 'exercise_minutes' },
  awakenings: { name: 'sleep' },
  bedtime: { name: 'sleep' },
  calories_burned: { name: 'caloriesBurned', samples: 'active_energy' },
  distance_walking_running: { name: 'distanceMeters', samples: 'distance_walking_running' },
  flights_climbed: { name: 'flightsClimbed', samples: 'flights_climbed' },
  hard_heart_rate_minutes: { name: 'heartRateZones', samples: 'heart_rate' },
  heart_rate: { name: 'heartRate.average', samples: 'heart_rate' },
  heart_rate_max: { name: 'heartRate.max', samples: 'heart_rate' },
  hours_with_steps: { name: 'hourlySteps', samples: 'steps' },
  hrv_rmssd: { name: 'hrv', samples: 'hrv_rmssd' },
  hrv_sdnn: { name: 'hrv', samples: 'hrv_sdnn' },
  longest_sedentary_bout: { name: 'sedentary', samples: 'steps' },
  respiratory_rate: { name: 'respiratoryRate', samples: 'respiratory_rate' },
  resting_heart_rate: { name: 'heartRate.resting', samples: 'resting_heart_rate' },
  sedentary_minutes: { name: 'sedentary', samples: 'steps' },
  sleep_deep: { name: 'sleep' },
  sleep_efficiency: { name: 'sleep' },
  sleep_latency: { name: 'sleep' },
  sleep_light: { name: 'sleep' },
  sleep_rem: { name: 'sleep' },
  stand_hours: { name: 'standHours', samples: 'stand_hours' },
  steps: { name: 'steps', samples: 'steps' },
  time_awake: { name: 'sleep' },
  total_sleep_time: { name: 'sleep' },
  wake_time: { name: 'sleep' },
  workout: { name: 'workouts' },
  workout_distance: { name: 'workouts' },
}

export function fieldOf(metric: string): Field {
  return (Object.hasOwn(fields, metric) ? fields[metric] : undefined) ?? { name: undefined }
}
