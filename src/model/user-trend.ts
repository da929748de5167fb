import { z } from 'zod'
import { CalendarDate, Id, Instant } from './text.ts'
import { decimal } from './user-analytics.ts'

export const TrendType = z.enum(['weekly', 'monthly', 'quarterly'])
export type TrendType = z.infer<typeof TrendType>

/** One row of `user_trends`. */
export const UserTrend = z.object({
  userId: Id,
  trendType: TrendType,
  periodStart: CalendarDate,
  periodEnd: CalendarDate,
  /** Keys may come back in another order. */
  trendData: z.record(z.string(), z.json()),
  improvementScore: decimal(4).min(-1).max(1).optional(),
  trendDirection: z.enum(['improving', 'stable', 'declining']).optional(),
  confidenceLevel: decimal(4).min(0).max(1).optional(),
  revision: z.int().min(1),
  calculatedAt: Instant,
})
export type UserTrend = z.infer<typeof UserTrend>
