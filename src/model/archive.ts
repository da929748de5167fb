import { z } from 'zod'
import { Id, Instant, text } from './text.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const ArchiveObject = z.object({ key: text(1, 500), length: z.int().min(0), sha256 })

export type ArchiveObject = z.infer<typeof ArchiveObject>

/** What a person can wish for of their data, `rawData` and so on, and the jobs made for them; each is archived by itself. */
const Kind = z.enum(['rawData', 'insights', 'analytics', 'systemLogs'])

/**
 * `users/{userId}/archives/{kind}_{month}`: the manifest of what is archived of a person's UTC month. It stands in one batch with the leaving of
 * the documents that it speaks of; what its objects hold was read back before.
 */
export const Archive = z.object({
  userId: Id,
  kind: Kind,
  month: z.string().regex(/^\d{4}-\d{2}$/),
  /** Of what is in it, the first and the last. */
  from: text(10, 40),
  to: text(10, 40),
  archivedAt: Instant,
  /** How many of each collection. */
  counts: z.record(z.string(), z.int().min(1)),
  /** The documents, one a row. */
  documents: ArchiveObject.extend({ rows: z.int().min(1) }),
  /** Samples as they were kept: files of sessions, each whole by itself, that make one Parquet file together. */
  samples: z.array(ArchiveObject.extend({ parts: z.int().min(1) })),
  /** Four bytes for each session's id, so that one is found without opening every month. */
  marks: z.base64(),
})
export type Archive = z.infer<typeof Archive>
export type ArchivedSamples = Archive['samples'][number]

/** `users/{userId}/lifecycles/state`: how far the lifecycle is with a person. */
export const LifecycleState = z.object({
  userId: Id,
  /** Under way, or ended before its end: objects may lie in the archive's place that no manifest names. */
  isBusy: z.boolean(),
  /** Objects that no document names any more, to be deleted. */
  doomed: z.array(text(1, 500)),
  /** By kind: began before this and is archived or gone, where something is. */
  archivedBefore: z.partialRecord(Kind, text(10, 40)),
  /** By kind: began before this and was destroyed. What was made of it is not made again. */
  destroyedBefore: z.partialRecord(Kind, text(10, 40)),
})
export type LifecycleState = z.infer<typeof LifecycleState>

/** `legalHolds/{userId}`: while it stands nothing of the person is archived away or destroyed. */
export const LegalHold = z.object({ userId: Id, reason: text(1, 1000), placedAt: Instant, placedBy: text(1, 200).optional() })
export type LegalHold = z.infer<typeof LegalHold>

/** `system/lifecycle`: when everybody's old data were last seen to. */
export const LifecycleRun = z.object({
  /** As of when the last run was; absent before the first. */
  at: Instant.optional(),
  /** When a worker of this store first looked whether a run was due: the first comes a day later. */
  since: Instant.optional(),
  /** The last person who was done with; absent once everybody was. */
  after: Id.optional(),
  /** As of when a run was refused because its time did not follow from the last one's. */
  noted: Instant.optional(),
})
export type LifecycleRun = z.infer<typeof LifecycleRun>
