import { z } from 'zod'
import { metricNames } from './metrics.ts'
import { Id, Instant, text } from './text.ts'

/** `users/{userId}/permissions/{grantId}`: what one person lets another see or change, and until when. */
export const Grant = z.object({
  grantId: Id,
  userId: Id,
  granteeId: Id,
  metrics: z.array(z.enum(metricNames)).optional(),
  resources: z.array(z.enum(['profile', 'sessions', 'days', 'insights', 'trends'])).optional(),
  access: z.enum(['read', 'write']),
  grantedAt: Instant,
  until: Instant.optional(),
  revokedAt: Instant.optional(),
})
export type Grant = z.infer<typeof Grant>

/** `users/{userId}/consents/{receiptId}`: a privacy flag counts once a receipt for it exists. */
export const ConsentReceipt = z.object({
  receiptId: Id,
  userId: Id,
  purpose: z.enum(['dataSharing', 'researchParticipation', 'anonymousAnalytics']),
  given: z.boolean(),
  givenAt: Instant,
  /** Version of the words that were shown. */
  textVersion: text(1, 100),
  signature: z.string().optional(),
})
export type ConsentReceipt = z.infer<typeof ConsentReceipt>

/** `system/configuration` and `system/monitoring`. */
export const SystemDocument = z.looseObject({
  updatedAt: Instant.optional(),
  validation: z.enum(['lenient', 'strict']).optional(),
  consentDefaults: z.enum(['none', 'document']).optional(),
})
export type SystemDocument = z.infer<typeof SystemDocument>
