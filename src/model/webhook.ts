import { z } from 'zod'
import { EventChange, EventType } from './event.ts'
import { Id, Instant, text } from './text.ts'

/** Of whose data it tells: of one person's, or of everybody's who lets it. */
export const everybody = '*'

export const WebhookUrl = text(1, 2000)
export const WebhookTypes = z.array(EventType).min(1).max(10)

/** `webhooks/{webhookId}` */
export const StoredWebhook = z.object({
  webhookId: Id,
  /** A person's id, or `*`. */
  audience: z.string(),
  /** Whose it is; absent where it tells of everybody. */
  userId: Id.optional(),
  url: WebhookUrl,
  /** Absent: all. */
  types: WebhookTypes.optional(),
  /** `whsec_` and the key in base64. */
  secret: z.string(),
  status: z.enum(['active', 'disabled']),
  /** Why it was disabled, where nobody asked for it. */
  reason: text(1, 500).optional(),
  createdAt: Instant,
  /** The first failure since the last delivery that succeeded. */
  failingSince: Instant.optional(),
})
export type StoredWebhook = z.infer<typeof StoredWebhook>

export const DeliveryAttempt = z.object({
  at: Instant,
  /** What the receiver answered. */
  status: z.int().optional(),
  /** Why there is no answer. */
  problem: text(1, 500).optional(),
})
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>

export const DeliveryStatus = z.enum(['pending', 'delivered', 'failed', 'withheld'])

/** `webhooks/{webhookId}/deliveries/{deliveryId}`: one message to one webhook. Its id is that of the message in each attempt. */
export const StoredDelivery = z.object({
  deliveryId: Id,
  webhookId: Id,
  userId: Id,
  /** `withheld`: the person does not share, or the webhook is disabled. */
  status: DeliveryStatus,
  createdAt: Instant,
  /** Not to be tried before; while it is being tried, when it counts as lost. */
  nextAt: Instant,
  attempts: z.array(DeliveryAttempt).max(100),
  /** How many attempts count: fewer than there are where it was sent again on request. */
  tries: z.int().min(0),
  at: Instant,
  changes: z.array(EventChange).min(1).max(500),
})
export type StoredDelivery = z.infer<typeof StoredDelivery>
