import { z } from 'zod'

/** The parameters that every list takes. */
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
