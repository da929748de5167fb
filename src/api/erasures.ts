import { z } from 'zod'
import { ErasureReceipt } from '../model/erasure.ts'
import { Id, Instant, text } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { JobTicket } from './job-ticket.ts'

/** What is left in the hands of who asked: with the key the receipt can be had, by whoever has it, once all is gone. */
export const ErasureTicket = JobTicket.extend({ erasureId: Id, receiptKey: text(1, 200) })

const ErasureReply = z.discriminatedUnion('status', [
  z.object({ erasureId: Id, status: z.literal('erasing'), requestedAt: Instant }),
  z.object({ erasureId: Id, status: z.literal('erased'), requestedAt: Instant, receipt: ErasureReceipt }),
  z.object({ erasureId: Id, status: z.literal('replayed'), requestedAt: Instant }),
])

export const erasuresApi = {
  getErasure: {
    method: 'get',
    path: '/v1/erasures/{erasureId}',
    summary: 'How far an erasure is, and its signed receipt once all is gone',
    scope: 'receipts:read',
    audit: 'none',
    reply: { type: 'json', status: 200, schema: ErasureReply },
    problems: [],
  },
} as const satisfies Api
