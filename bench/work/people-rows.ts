import { StoredUser } from '../../src/model/user.ts'
import type { UserAnalytics } from '../../src/model/user-analytics.ts'
import type { Write } from '../../src/ports/documents.ts'

const at = '2024-01-01T00:00:00.000000Z'
const genders = ['female', 'male', 'other'] as const
const levels = ['sedentary', 'light', 'moderate', 'active', 'very_active'] as const

export function userIdOf(n: number): string {
  return `person_${String(n).padStart(6, '0')}`
}

export function personWith(n: number): Write {
  const profile = { dateOfBirth: `${1940 + (n % 65)}-06-15`, gender: genders[n % 20 === 0 ? 2 : n % 2] }
  const body = StoredUser.parse({
    profile,
    healthProfile: { activityLevel: levels[n % 5] },
    metadata: { createdAt: at, updatedAt: at, dataVersion: '1.0.0' },
  })
  return { op: 'put', path: `users/${userIdOf(n)}`, body }
}

export function receiptOf(n: number): Write {
  const userId = userIdOf(n)
  const body = { receiptId: 'r1', userId, purpose: 'anonymousAnalytics', given: true, textVersion: '1', givenAt: at }
  return { op: 'put', path: `users/${userId}/consents/r1`, body }
}

/** A day as a watch makes it: every figure there, each with its own scatter around the person's level. */
export function analyticsRow(n: number, date: string, day: number): UserAnalytics {
  const wave = (salt: number) => (Math.sin(n * 12.9898 + day * 78.233 + salt * 37.719) * 43_758.5453) % 1
  const cents = (value: number) => Math.round(value * 100) / 100
  return {
    userId: userIdOf(n),
    date,
    totalSleepHours: cents(7 + wave(1)),
    sleepEfficiency: cents(0.9 + 0.05 * wave(2)),
    deepSleepHours: cents(1.2 + 0.3 * wave(3)),
    lightSleepHours: cents(4 + 0.5 * wave(4)),
    remSleepHours: cents(1.6 + 0.3 * wave(5)),
    totalSteps: Math.round(7000 + (n % 50) * 100 + 3000 * wave(6)),
    activeMinutes: Math.round(40 + 30 * wave(7)),
    caloriesBurned: Math.round(2200 + 300 * wave(8)),
    distanceMeters: cents(5500 + 2500 * wave(9)),
    restingHeartRate: Math.round(58 + (n % 15) + 3 * wave(10)),
    averageHeartRate: Math.round(74 + (n % 15) + 5 * wave(11)),
    maxHeartRate: Math.round(140 + 20 * wave(12)),
    heartRateVariability: Math.round(45 + (n % 30) + 10 * wave(13)),
    hrvKind: 'sdnn',
    dataQualityScore: cents(0.85 + 0.1 * wave(14)),
    timezone: 'Europe/Berlin',
    revision: 1,
    processingTimestamp: at,
  }
}
