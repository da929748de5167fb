import { z } from 'zod'
import { CalendarDate, Id, Instant, text } from './text.ts'

// Absent is NULL in SQL, never 0. Figures have no more decimals than their column keeps, so that a number that went in
// comes out as the same number. Times are as `formatInstant` writes them.
const Hours = decimal(2).min(0).max(99.99)
const Score = decimal(4).min(0).max(1)
/** What an INTEGER of SQL holds. */
const Count = z.int().min(0).max(2_147_483_647)

/** One row of `user_analytics`: a person's day in the specification's columns. */
export const UserAnalytics = z.object({
  userId: Id,
  date: CalendarDate,
  totalSleepHours: Hours.optional(),
  sleepEfficiency: Score.optional(),
  deepSleepHours: Hours.optional(),
  lightSleepHours: Hours.optional(),
  remSleepHours: Hours.optional(),
  totalSteps: z.int().min(0).optional(),
  activeMinutes: Count.optional(),
  /** Kilocalories, active plus basal. */
  caloriesBurned: z.int().min(0).optional(),
  distanceMeters: decimal(2).min(0).max(1e12).optional(),
  restingHeartRate: Count.optional(),
  averageHeartRate: Count.optional(),
  maxHeartRate: Count.optional(),
  /** Milliseconds, of the kind that `hrvKind` says. */
  heartRateVariability: z.int().min(0).max(500).optional(),
  hrvKind: z.enum(['sdnn', 'rmssd']).optional(),
  /** Share of the date's minutes on which something was worn. */
  dataQualityScore: Score.optional(),
  /** An IANA name or an offset: where the person was when the date ended. */
  timezone: text(1, 64),
  /** Of the day that the row was made from. */
  revision: z.int().min(1),
  processingTimestamp: Instant,
})
export type UserAnalytics = z.infer<typeof UserAnalytics>

/** From the first to the last date that a row may have. */
export const everyDate = { from: '0001-01-01', to: '9999-12-31' } as const

/** A number of at most so many decimals. */
export function decimal(digits: number) {
  return z.number().refine((value) => Number(value.toFixed(digits)) === value, { message: `At most ${digits} decimals` })
}
