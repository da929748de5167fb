import { type AlgorithmName, methodOf } from '../model/algorithms.ts'
import type { Day, Night } from '../model/day.ts'

const byField = {
  steps: 'segment_merge',
  distanceMeters: 'segment_merge',
  flightsClimbed: 'segment_merge',
  activeEnergyKcal: 'segment_merge',
  basalEnergyKcal: 'segment_merge',
  exerciseMinutes: 'segment_merge',
  standHours: 'segment_merge',
  activeMinutes: 'active_minutes',
  moderateMinutes: 'intensity',
  vigorousMinutes: 'intensity',
  sedentary: 'sedentary_bouts',
  heartRateZones: 'heart_rate_zones',
  trainingLoad: 'edwards_load',
  hrv: 'nightly_hrv',
} as const satisfies { readonly [Field in keyof Day]?: AlgorithmName }

const named = Object.entries(byField) as readonly (readonly [keyof typeof byField, AlgorithmName])[]

/** The algorithm behind each figure that the day has, with its version. */
export function methodsOf(fields: Partial<Day>): Record<string, string> {
  const { sleep, heartRate } = fields
  const methods: Record<string, string> = {}
  for (const [field, name] of named) if (fields[field] !== undefined) methods[field] = methodOf(name)
  if (sleep !== undefined) methods.sleep = sleepMethod(sleep)
  if (heartRate?.resting !== undefined) methods['heartRate.resting'] = methodOf('resting_heart_rate')
  if (heartRate?.average !== undefined) methods['heartRate.average'] = methodOf('average_heart_rate')
  return methods
}

/** A model's night is named by the model, which the registry knows. */
function sleepMethod({ method, methodVersion }: Night): string {
  if (method === 'cole_kripke') return methodOf('sleep_estimate')
  return method.startsWith('device') ? methodOf('main_sleep') : `${method}@${methodVersion}`
}
