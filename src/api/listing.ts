import { z } from 'zod'

/** The parameters that every list takes. */
/** `1` or `true`, for yes. */
export const flag = z.enum(['0', '1', 'true', 'false']).optional()

export const archived = flag.meta({ description: 'Those that are archived, in place of those that are not.' })

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ description: 'How many at most, 1 to 1,000.' }),
  cursor: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .meta({ description: '`nextCursor` of the page before; all other parameters must be as they were.' }),
}

/** One page of a list; without `nextCursor` it is the last. */
export function pageOf<S extends z.ZodType>(schema: S) {
  return z.object({ data: z.array(schema), nextCursor: z.string().optional() })
}
