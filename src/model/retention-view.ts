import { z } from 'zod'
import { RetentionWish } from './retention.ts'
import { Id, Instant } from './text.ts'

const KindForecast = z.object({
  wish: RetentionWish,
  /** Until this age, what the wish and the policy together come to, they stay where they came in. */
  hotFor: RetentionWish,
  /** At this age they are destroyed. */
  keptFor: RetentionWish,
  /** What began earlier is archived, or to be. */
  archivedBefore: z.string(),
  /** What began earlier is destroyed, or to be. */
  destroyedBefore: z.string(),
  /** Documents in the archive. */
  archived: z.int().min(0),
  /** Documents that are due. */
  toArchive: z.int().min(0),
  toDestroy: z.int().min(0),
  /** When the first of those that are not due yet will be. */
  nextArchiveAt: Instant.optional(),
  nextDestroyAt: Instant.optional(),
})

/** What becomes of a person's data, and when. */
export const PersonForecast = z.object({
  userId: Id,
  /** As of when. */
  at: Instant,
  /** A legal hold stands: nothing of it happens. */
  held: z.boolean(),
  kinds: z.object({ rawData: KindForecast, insights: KindForecast, analytics: KindForecast, systemLogs: KindForecast }),
})
export type PersonForecast = z.infer<typeof PersonForecast>

export const LifecycleOrder = z.strictObject({
  /** Says what would happen, a page of people at a time, and does nothing. */
  dryRun: z.boolean().default(false),
  /** As of when; absent: now. Only of a dry run. */
  at: Instant.optional(),
  /** The time is right although it does not follow from that of the last run. */
  afterGap: z.boolean().default(false),
  /** Of a dry run: people a page, and whose page. */
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().min(1).max(2000).optional(),
})

export type LifecycleOrder = z.infer<typeof LifecycleOrder>

export const LifecycleForecast = z.object({ at: Instant, data: z.array(PersonForecast), nextCursor: z.string().optional() })

export type LifecycleForecast = z.infer<typeof LifecycleForecast>

export const LifecycleStatus = z.object({
  /** As of when the last run was; absent where there was none. */
  lastRunAt: Instant.optional(),
  /** It has not come to its end yet. */
  isUnderWay: z.boolean(),
  /** As of when a run was refused because the clock did not follow. */
  refusedAt: Instant.optional(),
})
