import type { StoredJob } from '../model/job.ts'
import { nothingThere } from '../model/nothing-there.ts'
import type { ExportFormat } from '../model/person-export.ts'
import { EXPORTS_KEPT_MS, exportEndMs, exportKey } from '../model/person-export.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { requireUser } from './manage-user.ts'
import { queueOnce } from './queue-once.ts'

interface AskExportDeps {
  readonly documents: Documents
  readonly clock: Clock
}

export interface AskedExport {
  readonly userId: string
  /** The same for each repetition of one call. */
  readonly callId: string
  readonly format: ExportFormat
}

/** Queues the making of an export; the same call again is the same job. Throws `Problem('not_found')`. */
export async function askExport({ documents, clock }: AskExportDeps, { userId, callId, format }: AskedExport): Promise<StoredJob> {
  await requireUser({ documents }, userId)
  const nowMs = clock.nowMs()
  const exportId = `${Math.floor((nowMs + EXPORTS_KEPT_MS) / 1000)}_${callId}`
  return queueOnce(documents, { jobId: `export_${callId}`, userId, type: 'export', input: { exportId, format }, nowMs })
}

/** An export that was made, as it lies. Throws `Problem('not_found')` for one that is not there, or not any more. */
export async function findExport(
  { blobs, clock }: { readonly blobs: Blobs; readonly clock: Clock },
  userId: string,
  exportId: string,
): Promise<{ readonly length: number; readonly content: AsyncIterable<Uint8Array> }> {
  const endMs = exportEndMs(exportId)
  const key = exportKey(userId, exportId)
  const head = endMs === undefined || endMs <= clock.nowMs() ? undefined : await blobs.head(key)
  if (head === undefined) throw nothingThere()
  return { length: head.length, content: blobs.read(key) }
}

/** Takes away the exports whose time is over; says how many. */
export async function tidyExports({ blobs, clock }: { readonly blobs: Blobs; readonly clock: Clock }): Promise<number> {
  let deleted = 0
  for await (const { key } of blobs.list('exports/')) {
    const endMs = exportEndMs(key.split('/')[2] ?? '')
    if (endMs !== undefined && endMs > clock.nowMs()) continue
    await blobs.delete(key)
    deleted += 1
  }
  return deleted
}
