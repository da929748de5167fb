import { z } from 'zod'
import { Id, Instant, text, Zone } from './text.ts'

/** The largest file that is taken. */
export const MOST_UPLOAD_BYTES = 10_000_000_000
/** What one part holds, the last one less: lost and sent again when a line breaks, and two steps of a disk each. */
export const PART_BYTES = 4 << 20
/** An upload that nothing was added to for so long goes, ms. */
export const UPLOADS_KEPT_MS = 86_400_000

/** `users/{userId}/uploads/{uploadId}`: a file that comes in parts, to be imported once it is whole. */
export const UploadRecord = z.object({
  uploadId: Id,
  userId: Id,
  createdAt: Instant,
  updatedAt: Instant,
  /** The file's name as it was said. */
  file: text(1, 200),
  size: z.int().min(1).max(MOST_UPLOAD_BYTES),
  /** Each part but the last has so many bytes. */
  partBytes: z.int().min(1),
  /** From the beginning, kept for good: the next part begins here. */
  received: z.int().min(0),
  zone: Zone.optional(),
  dryRun: z.literal(true).optional(),
  newPerson: z.literal(true).optional(),
  /** What became of it. */
  importId: Id.optional(),
})
export type UploadRecord = z.infer<typeof UploadRecord>

/** Where the part that begins at `offset` lies. */
export function partKey({ userId, uploadId }: Pick<UploadRecord, 'userId' | 'uploadId'>, offset: number): string {
  return `uploads/${userId}/${uploadId}_${offset}`
}

/** Where the parts begin that are kept. */
export function* partOffsets({ received, partBytes }: Pick<UploadRecord, 'received' | 'partBytes'>): Generator<number> {
  for (let offset = 0; offset < received; offset += partBytes) yield offset
}
