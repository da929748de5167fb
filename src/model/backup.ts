import { z } from 'zod'
import { collectionNames } from './collections.ts'
import { type RetentionClass, retentionPolicies } from './retention.ts'
import { Id, Instant, text } from './text.ts'

/** A file of a backup: its key there, and what it must come to. */
export const BackupFile = z.strictObject({
  key: text(1, 512),
  length: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackupFile = z.infer<typeof BackupFile>

export const BackupCollection = z.object({
  takenAt: Instant,
  documents: z.int().min(0),
  file: BackupFile,
})
export type BackupCollection = z.infer<typeof BackupCollection>

/** What a backup holds. All that is in it follows from here by checksums: the files, the list of objects, the objects. */
export const BackupManifest = z.object({
  /** Counts up: the files of one run never lie over those of another. */
  run: z.int().min(1),
  createdAt: Instant,
  /** Where it was taken from, such as `sqlite`. It may be restored into any. */
  engine: text(1, 50),
  collections: z.partialRecord(z.enum(collectionNames), BackupCollection),
  objects: z.object({ count: z.int().min(0), bytes: z.int().min(0), list: BackupFile }),
  /** Objects that documents name and that were not there, or not as the documents say, when it was taken. */
  lost: z.array(text(1, 512)),
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** `backup.json`, the last that a backup writes. Without a manifest it is a place where one was begun. */
export const BackupMark = z.strictObject({ format: z.literal('clarity-backup-1'), manifest: BackupFile.nullable() })
export type BackupMark = z.infer<typeof BackupMark>

/** What a backup may take by itself: a retention class, or what has none (models and the system's own documents). */
export type BackupClass = RetentionClass | 'unclassified'

/** In the order of taking: see `flows/take-documents.ts`. */
export const backupClasses: readonly BackupClass[] = [
  'raw_health_data',
  'user_profiles',
  'system_logs',
  'processed_insights',
  'unclassified',
  'audit_logs',
]

const everyMs = { real_time: 0, daily: 86_400_000, weekly: 7 * 86_400_000 } as const

/** How old a class may become before it is due, in milliseconds. */
export function backupEveryMs(name: BackupClass): number {
  return everyMs[name === 'unclassified' ? 'daily' : retentionPolicies[name].backupFrequency]
}

/** What a backup job is asked for. */
export const AskedBackup = z.object({
  /** A folder below the operator's place for backups. */
  destination: Id.optional(),
  /** Only these, or those that their schedule asks for now; all unless said. */
  classes: z.union([z.literal('due'), z.array(z.enum(backupClasses)).min(1).max(backupClasses.length)]).optional(),
  /** Reads what is there already, and copies anew what is damaged. */
  verify: z.boolean().optional(),
})
export type AskedBackup = z.infer<typeof AskedBackup>
