import { z } from 'zod'
import type { UserAnalytics } from './user-analytics.ts'

/** A figure of `user_analytics` whose course is followed. */
export interface TrendMetric {
  readonly field: TrendField
  /** UCUM. */
  readonly unit: string
  /** The smallest change that matters, in `unit`, or as a share of the median; those of docs/insights.md. */
  readonly usefulChange: number
  readonly ofMedian?: true
  /** 1: more is better, −1: less is; 0: neither. Of a band: towards it. */
  readonly better: -1 | 0 | 1 | { readonly from: number; readonly to: number }
  /** A total of the date: a date that still runs, or on which something was worn for less than ten hours, says too little. */
  readonly amount?: true
  /** SDNN and RMSSD are different quantities and never one series. */
  readonly hrvKind?: NonNullable<UserAnalytics['hrvKind']>
  /** Values beyond these are counted as these where noise is added. */
  readonly range: readonly [least: number, most: number]
}

export type TrendField = Exclude<
  keyof UserAnalytics,
  'userId' | 'date' | 'hrvKind' | 'timezone' | 'revision' | 'processingTimestamp' | 'dataQualityScore' | 'maxHeartRate' | 'lightSleepHours'
>

/** Adults need 7 to 9 hours (Hirshkowitz 2015, Sleep Health 1:40): less is not better, nor is more. */
const sleepNeed = { from: 7, to: 9 }

/** By the column's name; heart rate variability by its kind. */
export const trendMetrics = {
  total_sleep_hours: { field: 'totalSleepHours', unit: 'h', usefulChange: 0.5, better: sleepNeed, range: [0, 16] },
  sleep_efficiency: { field: 'sleepEfficiency', unit: '1', usefulChange: 0.05, better: 1, range: [0, 1] },
  deep_sleep_hours: { field: 'deepSleepHours', unit: 'h', usefulChange: 1 / 3, better: 0, range: [0, 6] },
  rem_sleep_hours: { field: 'remSleepHours', unit: 'h', usefulChange: 1 / 3, better: 0, range: [0, 6] },
  total_steps: { field: 'totalSteps', unit: '{steps}', usefulChange: 1000, better: 1, amount: true, range: [0, 40_000] },
  active_minutes: { field: 'activeMinutes', unit: 'min', usefulChange: 10, better: 1, amount: true, range: [0, 400] },
  calories_burned: { field: 'caloriesBurned', unit: 'kcal', usefulChange: 200, better: 0, amount: true, range: [0, 8000] },
  distance_meters: { field: 'distanceMeters', unit: 'm', usefulChange: 1000, better: 1, amount: true, range: [0, 40_000] },
  resting_heart_rate: { field: 'restingHeartRate', unit: '/min', usefulChange: 3, better: -1, range: [30, 120] },
  average_heart_rate: { field: 'averageHeartRate', unit: '/min', usefulChange: 5, better: 0, range: [30, 150] },
  hrv_sdnn: hrv('sdnn'),
  hrv_rmssd: hrv('rmssd'),
} as const satisfies Record<string, TrendMetric>

export type TrendMetricName = keyof typeof trendMetrics

export const trendMetricNames = Object.keys(trendMetrics) as [TrendMetricName, ...TrendMetricName[]]
export const TrendMetricWord = z.enum(trendMetricNames)

function hrv<Kind extends 'rmssd' | 'sdnn'>(hrvKind: Kind) {
  return { field: 'heartRateVariability', unit: 'ms', usefulChange: 0.1, ofMedian: true, better: 1, hrvKind, range: [0, 250] } as const
}

/** Ten worn hours of the day's: less is no valid day of activity (Troiano 2008, Med Sci Sports Exerc 40:181). */
export const leastWorn = 10 / 24
