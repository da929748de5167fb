import type { Day } from '../model/day.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'
import { halfEven } from './wording.ts'

/**
 * The day in the columns of `user_analytics`, rounded half to even: hours and metres to hundredths, scores to four decimals,
 * all else to integers. A figure that the day lacks is left out. Sleep is the main night that ends on the date.
 *
 * `dataQualityScore` is wear time: `coverage.wornMinutes ÷ coverage.dayMinutes`, where a minute is worn when heart rate or
 * movement of something worn lies within 10 minutes of it. Studies of activity take 10 worn hours, a score of 0.4167, for
 * the least of a valid day (Troiano 2008, Med Sci Sports Exerc 40:181).
 */
export function userAnalyticsOf(day: Day, processingTimestamp: string): UserAnalytics {
  const { userId, date, sleep, heartRate, hrv, coverage, zone, revision } = day
  const stages = sleep?.stagesMinutes
  return {
    userId,
    date,
    ...figure('totalSleepHours', sleep && sleep.asleepMinutes / 60, 2),
    ...figure('sleepEfficiency', sleep?.efficiency, 4),
    ...figure('deepSleepHours', stages && stages.deep / 60, 2),
    ...figure('lightSleepHours', stages && stages.light / 60, 2),
    ...figure('remSleepHours', stages && stages.rem / 60, 2),
    ...figure('totalSteps', day.steps, 0),
    ...figure('activeMinutes', day.activeMinutes, 0),
    ...figure('caloriesBurned', day.caloriesBurned, 0),
    ...figure('distanceMeters', day.distanceMeters, 2),
    ...figure('restingHeartRate', heartRate.resting, 0),
    ...figure('averageHeartRate', heartRate.average, 0),
    ...figure('maxHeartRate', heartRate.max, 0),
    ...figure('heartRateVariability', hrv?.value, 0),
    ...(hrv && { hrvKind: hrv.kind }),
    ...figure('dataQualityScore', coverage.dayMinutes > 0 ? coverage.wornMinutes / coverage.dayMinutes : undefined, 4),
    timezone: zone,
    revision,
    processingTimestamp,
  }
}

function figure<Name extends string>(name: Name, value: number | undefined, digits: number): { readonly [_ in Name]?: number } {
  if (value === undefined) return {}
  const unit = 10 ** digits
  return { [name]: halfEven(value * unit) / unit } as { readonly [_ in Name]: number }
}
