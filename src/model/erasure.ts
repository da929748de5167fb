import { z } from 'zod'
import { retentionPolicies } from './retention.ts'
import { Id, Instant, text } from './text.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Count = z.int().min(0)

const ClassCount = z.object({ documents: Count, objects: Count })

/** What went, by class of retention. */
export const ErasedClasses = z.partialRecord(z.enum(Object.keys(retentionPolicies) as (keyof typeof retentionPolicies)[]), ClassCount)
export type ErasedClasses = z.infer<typeof ErasedClasses>

/** What a receipt says and its signature is of: nothing in it tells whose it is to who does not know. */
export const ErasureStatement = z.object({
  kind: z.literal('clarity-erasure-receipt'),
  version: z.literal(1),
  /** The pseudonym: a salted hash of the person's id. */
  erasureId: Id,
  requestedAt: Instant,
  erasedAt: Instant,
  classes: ErasedClasses,
  /** Credentials that open nothing any more. */
  credentials: Count,
  /** SHA-256 of each key that was destroyed; none where there were no keys of their own. */
  keyFingerprints: z.array(Sha256),
  /** How many looks at all stores after it found nothing; the last of them counts. */
  rescans: z.int().min(1),
})
export type ErasureStatement = z.infer<typeof ErasureStatement>

/** Ed25519 over the canonical JSON of the statement, in base64url. */
export const ErasureReceipt = ErasureStatement.extend({
  signature: z.object({ algorithm: z.literal('Ed25519'), publicKey: text(1, 100), value: text(1, 200) }),
})
export type ErasureReceipt = z.infer<typeof ErasureReceipt>

/** What is known while it is under way, kept with each step of it: whoever takes it up counts on. */
const Progress = z.object({
  classes: ErasedClasses,
  credentials: Count,
  /** Objects are counted once, before the first of them goes. */
  isCounted: z.literal(true).optional(),
  /** Absent until the keys are destroyed. */
  keyFingerprints: z.array(Sha256).optional(),
})

/**
 * `erasures/{erasureId}`: that somebody is erased. From its first moment on nothing is written or read of them. The id is a salted hash of
 * theirs; whose it is stands there in words only until all is gone.
 */
export const Erasure = z.discriminatedUnion('status', [
  Progress.extend({ erasureId: Id, status: z.literal('erasing'), requestedAt: Instant, userId: Id }),
  z.object({ erasureId: Id, status: z.literal('erased'), requestedAt: Instant, receipt: ErasureReceipt }),
  /** A store that was restored from a backup of before: who was erased is not in it. */
  z.object({ erasureId: Id, status: z.literal('replayed'), requestedAt: Instant }),
])
export type Erasure = z.infer<typeof Erasure>
export type Erasing = Extract<Erasure, { status: 'erasing' }>
