import { z } from 'zod'
import { Id, Instant } from './text.ts'

/** What was answered, to be said again. */
export const KeptAnswer = z.object({
  status: z.int().optional(),
  /** JSON text: stores may give keys back in another order. */
  body: z.string().optional(),
  version: z.int().optional(),
  location: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
})
export type KeptAnswer = z.infer<typeof KeptAnswer>

const Begun = z.object({
  /** Whose data it is about; absent where it is nobody's. */
  userId: Id.optional(),
  /** Of what was sent: the same key with another is a mistake. */
  print: z.string(),
  expiresAt: Instant,
})

/** `requests/{requestId}`: a request with an Idempotency-Key, by the hash of credential, address and key. */
export const KeptRequest = z.discriminatedUnion('status', [
  /** Until then nobody else works on it; then whoever did is gone. */
  Begun.extend({ status: z.literal('in_flight'), leaseUntil: Instant }),
  Begun.extend({ status: z.literal('answered'), answer: KeptAnswer }),
])
export type KeptRequest = z.infer<typeof KeptRequest>
