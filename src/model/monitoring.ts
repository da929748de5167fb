import { z } from 'zod'
import { text } from './text.ts'

const Word = text(1, 100)

/** What runs here: versions, and which kinds of store by the scheme of their URL, without where they are. */
export const About = z.object({
  version: Word,
  runtime: Word,
  adapters: z.object({ documents: Word, blobs: Word, warehouse: Word, cache: Word, narrator: Word }),
})
export type About = z.infer<typeof About>

/** How many there are; `isAll` is false where counting stopped at the first thousand. */
export const Tally = z.object({ count: z.int().min(0), isAll: z.boolean() })
export type Tally = z.infer<typeof Tally>

/** `system/monitoring`: how the system is now, counted when it is asked for. */
export const Monitoring = About.extend({
  counts: z.object({
    users: Tally,
    jobs: z.object({ pending: Tally, processing: Tally, completed: Tally, failed: Tally, cancelled: Tally }),
    /** Rows that wait for the warehouse. */
    outbox: Tally,
  }),
})
export type Monitoring = z.infer<typeof Monitoring>
