import { z } from 'zod'
import { AskedBackup } from './backup.ts'
import { jobTypes, Priority } from './job.ts'
import { CalendarDate, Id, text } from './text.ts'

/** A job as a caller asks for it. */
export const AskedJob = z.strictObject({
  type: z.enum(jobTypes),
  /** Whose data it works on; absent: the caller's own. */
  userId: Id.optional(),
  priority: Priority.optional(),
  input: z.strictObject({
    /** The days of these sessions are made again. */
    dataSessionIds: z.array(Id).max(1000).optional(),
    dates: z.array(CalendarDate).max(1000).optional(),
    analysisType: z.literal('comprehensive').optional(),
    /** Of `actigraphy_transformer`; refused where it is not there. */
    modelVersion: text(1, 100).optional(),
    ...AskedBackup.shape,
  }),
})
export type AskedJob = z.infer<typeof AskedJob>
