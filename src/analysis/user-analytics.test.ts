import { expect, test } from 'vitest'
import { aDay, aNight } from '../../test/fixtures/days.ts'
import { UserAnalytics } from '../model/user-analytics.ts'
import { userAnalyticsOf } from './user-analytics.ts'

const at = '2024-01-21T06:00:00.000000Z'

test('a day fills every column', () => {
  const row = userAnalyticsOf(
    aDay('2024-01-20', {
      sleep: { ...aNight('2024-01-20', 451), efficiency: 0.891666, stagesMinutes: { deep: 72, light: 307, rem: 72, unspecified: 0 } },
      steps: 8750,
      activeMinutes: 44.6,
      caloriesBurned: 2150.49,
      distanceMeters: 6123.456,
      heartRate: { resting: 64.6, average: 78.4, min: 51, max: 171 },
      hrv: { value: 41.7, kind: 'sdnn', window: 'night', samples: 12 },
      revision: 4,
    }),
    at,
  )
  expect(UserAnalytics.parse(row)).toEqual({
    userId: 'u1',
    date: '2024-01-20',
    // 451 min = 7.51666… h, 307 min = 5.11666… h.
    totalSleepHours: 7.52,
    sleepEfficiency: 0.8917,
    deepSleepHours: 1.2,
    lightSleepHours: 5.12,
    remSleepHours: 1.2,
    totalSteps: 8750,
    activeMinutes: 45,
    caloriesBurned: 2150,
    distanceMeters: 6123.46,
    restingHeartRate: 65,
    averageHeartRate: 78,
    maxHeartRate: 171,
    heartRateVariability: 42,
    hrvKind: 'sdnn',
    dataQualityScore: 0.9,
    timezone: 'America/New_York',
    revision: 4,
    processingTimestamp: at,
  })
})

test('what the day lacks is left out, and what it has as zero is zero', () => {
  expect(userAnalyticsOf(aDay('2024-01-20', { coverage: { dayMinutes: 1440, wornMinutes: 0, metrics: {} }, steps: 0 }), at)).toEqual({
    userId: 'u1',
    date: '2024-01-20',
    totalSteps: 0,
    dataQualityScore: 0,
    timezone: 'America/New_York',
    revision: 1,
    processingTimestamp: at,
  })
})

test('sleep without stages has its hours and no stage', () => {
  const row = userAnalyticsOf(aDay('2024-01-20', { sleep: aNight('2024-01-20', 480) }), at)
  expect(row).toMatchObject({ totalSleepHours: 8 })
  expect(Object.keys(row).filter((name) => /^(deep|light|rem)|Efficiency/.test(name))).toEqual([])
})

test.each([
  [42.5, 42],
  [43.5, 44],
  [0.5, 0],
])('halfway goes to the even side: %d is %d', (value, expected) => {
  const hrv = { value, kind: 'rmssd', window: 'night', samples: 1 } as const
  expect(userAnalyticsOf(aDay('2024-01-20', { hrv, distanceMeters: value / 100 }), at)).toMatchObject({
    heartRateVariability: expected,
    distanceMeters: expected / 100,
  })
})

test.each([
  [1380, 690, 0.5],
  [1500, 1500, 1],
  [1440, 600, 0.4167],
])('of %d minutes %d worn are a score of %d', (dayMinutes, wornMinutes, score) => {
  const day = aDay('2024-03-10', { coverage: { dayMinutes, wornMinutes, metrics: {} } })
  expect(userAnalyticsOf(day, at).dataQualityScore).toBe(score)
})

test('a date that the person never lived has no score', () => {
  const day = aDay('2011-12-30', { coverage: { dayMinutes: 0, wornMinutes: 0, metrics: {} } })
  expect(userAnalyticsOf(day, at)).not.toHaveProperty('dataQualityScore')
})
