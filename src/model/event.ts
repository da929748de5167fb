import { z } from 'zod'
import { Id, Instant } from './text.ts'

export const eventTypes = ['session', 'day', 'insight', 'trend', 'job', 'import'] as const
export const EventType = z.enum(eventTypes)
export type EventType = z.infer<typeof EventType>

/** That something is other than it was, and never what it says: ids, and names of fields. */
export const EventChange = z.object({
  type: EventType,
  action: z.enum(['created', 'updated', 'deleted']),
  id: Id,
  /** Of the document, as its ETag has it; absent of what is deleted, and where writers did not agree on one. */
  version: z.int().min(1).optional(),
  /** Names of the top-level fields that an update changed. */
  changed: z.array(z.string()).optional(),
})
export type EventChange = z.infer<typeof EventChange>

/** As it is sent to whoever listens. */
export const FeedEvent = EventChange.extend({ at: Instant })
export type FeedEvent = z.infer<typeof FeedEvent>

/** `users/{userId}/events/{eventId}`: what one batch of writes changed of one person's, written in that batch. */
export const StoredEvent = z.object({
  userId: Id,
  at: Instant,
  changes: z.array(EventChange).min(1).max(500),
  /** Until webhooks were told; absent where there are none. */
  telling: z.literal('waiting').optional(),
})
export type StoredEvent = z.infer<typeof StoredEvent>

/** So long can be resumed from, ms. */
export const EVENTS_KEPT_MS = 7 * 86_400_000

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_CHARS = 10
const COUNT_CHARS = 4

/** Of what begins with the time: sorts before all ids of that millisecond and later. */
export function eventIdFrom(ms: number): string {
  return base32(Math.max(0, ms), TIME_CHARS)
}

/** Ids that sort by time, and within a millisecond by `count`; `tail` tells those of several processes apart. */
export function eventId(ms: number, count: number, tail: string): string {
  return `${eventIdFrom(ms)}${base32(count, COUNT_CHARS)}${tail}`
}

export function msOfEventId(id: string): number {
  let ms = 0
  for (const char of id.slice(0, TIME_CHARS)) ms = ms * 32 + digits.indexOf(char)
  return ms
}

/** What tells an event apart from those around it. */
export function tailOf(id: string): string {
  return id.slice(TIME_CHARS + COUNT_CHARS)
}

/** Hex digits in a tail. */
export const TAIL_CHARS = 10

function base32(value: number, length: number): string {
  let text = ''
  for (let left = value; text.length < length; left = Math.floor(left / 32)) text = `${digits[left % 32]}${text}`
  return text
}
