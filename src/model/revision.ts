import { z } from 'zod'
import { Day } from './day.ts'
import { StoredInsight } from './insight.ts'
import { CalendarDate, Id, Instant, text } from './text.ts'

/** `users/{userId}/dayRevisions/{date}_{revision}`: what a day said before. Never changes. */
export const DayRevision = z.object({ userId: Id, date: CalendarDate, replacedAt: Instant, day: Day })
export type DayRevision = z.infer<typeof DayRevision>

/** `users/{userId}/insightRevisions/{insightId}_{revision}`: what an insight said before. Never changes. */
export const InsightRevision = z.object({
  userId: Id,
  date: CalendarDate,
  type: text(1, 100),
  replacedAt: Instant,
  insight: StoredInsight,
})
export type InsightRevision = z.infer<typeof InsightRevision>
