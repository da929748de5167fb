import { z } from 'zod'
import { Reason } from './day.ts'
import { CalendarDate, Id, Instant } from './text.ts'
import { TrendMetricWord } from './trend-metrics.ts'
import { decimal } from './user-analytics.ts'

export const TrendType = z.enum(['weekly', 'monthly', 'quarterly'])
export type TrendType = z.infer<typeof TrendType>

export const TrendDirection = z.enum(['improving', 'stable', 'declining'])
export type TrendDirection = z.infer<typeof TrendDirection>

const Dated = z.object({ date: CalendarDate, value: z.number() })

/** Another period beside this one. */
const Compared = z.object({
  periodStart: CalendarDate,
  periodEnd: CalendarDate,
  n: z.int().min(1),
  median: z.number(),
  /** The median of this period less that of the other. */
  difference: z.number(),
})

/** The course of one figure over a period; what needs more days than there are is absent, and `reasons` says why. */
export const TrendFigure = z.object({
  unit: z.string(),
  /** Days with the figure. */
  n: z.int().min(1),
  /** `n` of the days of the period. */
  coverage: z.number().min(0).max(1),
  mean: z.number(),
  median: z.number(),
  /** Median absolute deviation from the median. */
  spread: z.number().min(0),
  first: Dated,
  last: Dated,
  /** Theil–Sen, in `unit` a day. */
  slope: z.number().optional(),
  /** 90 %. */
  slopeInterval: z.tuple([z.number(), z.number()]).optional(),
  /** `slope` times the days from first to last. */
  change: z.number().optional(),
  /** Mann–Kendall, two-sided. */
  p: z.number().min(0).max(1).optional(),
  /** Absent where neither more nor less is better. */
  improvementScore: z.number().min(-1).max(1).optional(),
  trendDirection: TrendDirection.optional(),
  confidenceLevel: z.number().min(0).max(1).optional(),
  previousPeriod: Compared.optional(),
  yearBefore: Compared.optional(),
})
export type TrendFigure = z.infer<typeof TrendFigure>

export const TrendData = z.looseObject({
  /** Days of the period. */
  days: z.int().min(7).optional(),
  metrics: z.partialRecord(TrendMetricWord, TrendFigure).optional(),
  reasons: z.array(Reason).optional(),
  algorithm: z.string().optional(),
  algorithmVersion: z.string().optional(),
})
export type TrendData = z.infer<typeof TrendData>

/** One row of `user_trends`. */
export const UserTrend = z.object({
  userId: Id,
  trendType: TrendType,
  periodStart: CalendarDate,
  periodEnd: CalendarDate,
  /** Keys may come back in another order. */
  trendData: TrendData,
  improvementScore: decimal(4).min(-1).max(1).optional(),
  trendDirection: TrendDirection.optional(),
  confidenceLevel: decimal(4).min(0).max(1).optional(),
  /** Grows with the revisions of the days that it is made from. */
  revision: z.int().min(1),
  calculatedAt: Instant,
})
export type UserTrend = z.infer<typeof UserTrend>
