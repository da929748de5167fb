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

/** How far an import has come for certain: written with what it kept, so that whoever takes it up counts on. */
export const ImportCheckpoint = z.object({
  at: Instant,
  /** Sessions of the file, in its order, that are counted here. */
  drafts: z.int().min(0),
  accepted: z.int().min(0),
  duplicate: z.int().min(0),
  quarantined: z.int().min(0),
  sessions: z.int().min(0),
  rebuilt: z.int().min(0),
  insights: z.int().min(0),
  /** The dates that changed: of each month a bit a day, the first day the lowest. */
  months: z.record(z.string().regex(/^\d{4}-\d{2}$/), z.int().min(0)),
  /** Accepted, by metric. */
  metrics: z.record(z.string(), z.int().min(0)),
})
export type ImportCheckpoint = z.infer<typeof ImportCheckpoint>

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
  /** While it is made. */
  checkpoint: ImportCheckpoint.optional(),
  /** How often a command took it up that another had begun. */
  attempt: z.int().min(1).optional(),
  problem: z.object({ code: z.string(), detail: z.string() }).optional(),
})
export type ImportRecord = z.infer<typeof ImportRecord>

/** As it is spoken: where the bytes lie is nobody's business. `progress` while its job moves. */
export const ImportView = ImportRecord.omit({ original: true, checkpoint: true, attempt: true }).extend({
  progress: JobProgress.optional(),
  estimatedCompletion: Instant.optional(),
})
export type ImportView = z.infer<typeof ImportView>
