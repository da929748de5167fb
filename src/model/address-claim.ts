import { z } from 'zod'
import { Id, Instant } from './text.ts'

/** `addresses/{addressId}`, the id a hash of the folded e-mail address: whose it is. One address, one person. */
export const AddressClaim = z.object({
  userId: Id,
  claimedAt: Instant,
  /** Of the call that opened the account, so that its repetition is known. */
  callId: Id.optional(),
})
export type AddressClaim = z.infer<typeof AddressClaim>
