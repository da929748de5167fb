import { z } from 'zod'
import { Id, Instant } from './text.ts'

/** `users/{userId}/looseMonths/{month}`: sessions of this month have samples in their documents, which are to be packed from `due` on. */
export const LooseMonth = z.object({ userId: Id, month: z.string().regex(/^\d{4}-\d{2}$/), due: Instant })
export type LooseMonth = z.infer<typeof LooseMonth>
