import { z } from 'zod'
import { JobProgress } from './job.ts'
import { metricNames } from './metrics.ts'
import { Counts } from './session.ts'
import { CalendarDate, Id, Instant, text, Zone } from './text.ts'

/** What an import did. `received = accepted + duplicate + quarantined + rejected`. */
export const ImportReport = Counts.extend({
  importId: Id,
  /** The file's name without its folder. */
  file: text(1, 500),
  format: text(1, 100),
  bytes: z.int().min(0),
  seconds: z.number().min(0),
  sessions: z.int().min(0),
  days: z.int().min(0),
  firstDate: CalendarDate.optional(),
  lastDate: CalendarDate.optional(),
  insights: z.int().min(0),
  metrics: z.partialRecord(z.enum(metricNames), z.object({ accepted: z.int().min(0), unit: z.string() })),
  problems: z.array(z.object({ code: z.string(), count: z.int().min(1), example: z.string().optional() })),
})
export type ImportReport = z.infer<typeof ImportReport>

/** `users/{userId}/imports/{importId}`. */
export const ImportRecord = z.object({
  importId: Id,
  userId: Id,
  createdAt: Instant,
  /** Whose progress is this import's; absent for one that a command made itself. */
  jobId: Id.optional(),
  /** The file's name as it was said. */
  file: text(1, 500).optional(),
  zone: Zone.optional(),
  dryRun: z.literal(true).optional(),
  finishedAt: Instant.optional(),
  status: z.enum(['processing', 'completed', 'partial', 'failed']),
  /** Of the file as received. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Key of the bytes as received; several imports of the same bytes share one. */
  original: text(1, 500).optional(),
  report: ImportReport.optional(),
  problem: z.object({ code: z.string(), detail: z.string() }).optional(),
})
export type ImportRecord = z.infer<typeof ImportRecord>

/** As it is spoken: where the bytes lie is nobody's business. `progress` while its job moves. */
export const ImportView = ImportRecord.omit({ original: true }).extend({
  progress: JobProgress.optional(),
  estimatedCompletion: Instant.optional(),
})
export type ImportView = z.infer<typeof ImportView>
