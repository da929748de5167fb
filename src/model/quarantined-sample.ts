import { z } from 'zod'
import { isQuarantineCode } from './marks.ts'
import { Instant } from './text.ts'

/** A sample that is kept raw and is in no figure, in the unit in which it was handed in. */
export const QuarantinedSample = z.object({
  /** Absent for a type that no metric stands for. */
  metric: z.string().optional(),
  /** The source’s own name of it. */
  type: z.string().optional(),
  startTime: Instant.optional(),
  /** Absent where it is a moment. */
  endTime: Instant.optional(),
  /** In the unit beside it; absent where it is no number. */
  value: z.number().optional(),
  unit: z.string().optional(),
  /** The word of a category, or a value that is no number. */
  text: z.string().optional(),
  reason: z.string().refine(isQuarantineCode),
})
export type QuarantinedSample = z.infer<typeof QuarantinedSample>
