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

/** The algorithm behind each figure that the day has, with its version. */
export function methodsOf(fields: Partial<Day>): Record<string, string> {
  const { sleep, heartRate } = fields
  return {
    ...Object.fromEntries(
      Object.entries(byField).flatMap(([field, name]) =>
        fields[field as keyof typeof byField] === undefined ? [] : [[field, methodOf(name)]],
      ),
    ),
    ...(sleep && { sleep: sleepMethod(sleep) }),
    ...(heartRate?.resting !== undefined && { 'heartRate.resting': methodOf('resting_heart_rate') }),
    ...(heartRate?.average !== undefined && { 'heartRate.average': methodOf('average_heart_rate') }),
  }
}

/** A model's night is named by the model, which the registry knows. */
function sleepMethod({ method, methodVersion }: Night): string {
  if (method === 'cole_kripke') return methodOf('sleep_estimate')
  return method.startsWith('device') ? methodOf('main_sleep') : `${method}@${methodVersion}`
}
