import { z } from 'zod'
import { CalendarDate, Id, Instant } from './text.ts'

/** `users/{userId}/dirtyDays/{date}`: something of this date came, changed or went since its day was made. Its going says that the day was. */
export const DirtyDay = z.object({
  userId: Id,
  date: CalendarDate,
  at: Instant,
  /** Waits for this time: a day that is not over is made again at its end. */
  due: Instant.optional(),
})
export type DirtyDay = z.infer<typeof DirtyDay>
