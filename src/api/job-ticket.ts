import { z } from 'zod'
import { jobTypes } from '../model/job.ts'
import { Id } from '../model/text.ts'

/** Work that was taken on: the job's own address says how it goes. */
export const JobTicket = z.object({
  jobId: Id,
  type: z.enum(jobTypes),
  status: z.enum(['pending', 'processing', 'completed', 'failed', 'cancelled']),
})
export type JobTicket = z.infer<typeof JobTicket>
