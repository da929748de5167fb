import { UserAnalytics } from '../../src/model/user-analytics.ts'
import { UserTrend } from '../../src/model/user-trend.ts'

/** A row of which nothing is known but what must be. */
export function aRow(part: Partial<UserAnalytics> = {}): UserAnalytics {
  return {
    userId: 'u1',
    date: '2024-01-20',
    timezone: 'America/New_York',
    revision: 1,
    processingTimestamp: '2024-01-21T06:00:00.000000Z',
    ...part,
  }
}

export const fullRow: UserAnalytics = UserAnalytics.parse({
  userId: 'u1',
  date: '2024-01-20',
  totalSleepHours: 7.53,
  sleepEfficiency: 0.8917,
  deepSleepHours: 1.2,
  lightSleepHours: 5.13,
  remSleepHours: 1.2,
  totalSteps: 8750,
  activeMinutes: 45,
  caloriesBurned: 2150,
  distanceMeters: 6123.45,
  restingHeartRate: 65,
  averageHeartRate: 78,
  maxHeartRate: 171,
  heartRateVariability: 42,
  hrvKind: 'rmssd',
  dataQualityScore: 0.9,
  timezone: '+09:00',
  revision: 2,
  processingTimestamp: '2024-01-21T06:00:00.123456Z',
})

export function aTrend(part: Partial<UserTrend> = {}): UserTrend {
  return UserTrend.parse({
    userId: 'u1',
    trendType: 'weekly',
    periodStart: '2024-01-15',
    periodEnd: '2024-01-21',
    trendData: { steps: { n: 7, median: 8750.5, interval: [-12.25, 3e-7], note: null } },
    revision: 1,
    calculatedAt: '2024-01-22T00:00:00.000000Z',
    ...part,
  })
}
