import { z } from 'zod'
import { Id, Instant } from './text.ts'
import { UserAnalytics } from './user-analytics.ts'

/**
 * `users/{userId}/outbox/{entryId}`: a row on its way to the warehouse, written with what it was made from. An entry never
 * changes: a new revision of the day is a new entry.
 */
export const OutboxEntry = z.object({ userId: Id, table: z.literal('user_analytics'), row: UserAnalytics, at: Instant })
export type OutboxEntry = z.infer<typeof OutboxEntry>

/** One a person, date and revision. */
export function outboxPath(userId: string, date: string, revision: number): string {
  return `users/${userId}/outbox/${date}_${revision}`
}
