import { z } from 'zod'
import { CalendarDate, Id } from './text.ts'
import { TrendMetricWord } from './trend-metrics.ts'

/** `users/{userId}/changes/{changeId}`: that a figure went to another level, or was raised for days. Told once, when it is noticed. */
export const Change = z.object({
  userId: Id,
  /** `level_shift_resting_heart_rate_20240210` */
  changeId: Id,
  kind: z.enum(['level_shift', 'elevation']),
  metric: TrendMetricWord,
  unit: z.string(),
  /** The first date of the new level. */
  date: CalendarDate,
  /** The date whose figure showed it. */
  noticedOn: CalendarDate,
  /** Of an elevation: its last date by now. */
  until: CalendarDate.optional(),
  /** The median of the days before. */
  before: z.number(),
  /** The median from `date` to `noticedOn`. */
  after: z.number(),
  /** Of a level shift: Pettitt's. */
  p: z.number().min(0).max(1).optional(),
})
export type Change = z.infer<typeof Change>
