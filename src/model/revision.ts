import { z } from 'zod'
import { Day } from './day.ts'
import { StoredInsight } from './insight.ts'
import { StoredSession } from './session.ts'
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

/**
 * `users/{userId}/healthSessions/{sessionId}/revisions/{revision}`: what a session, or a part of one, said before it was replaced. Never
 * changes; its samples share no object with others.
 */
export const SessionRevision = z.object({
  userId: Id,
  /** Of the whole, also where this is a part of it. */
  sessionId: Id,
  replacedAt: Instant,
  session: StoredSession,
})
export type SessionRevision = z.infer<typeof SessionRevision>
