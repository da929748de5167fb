import { findImporter } from '../importers/registry.ts'
import type { ImportRecord } from '../model/import.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs, StoredBlob } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { openBlobSource } from './blob-source.ts'
import { importPath } from './import-record.ts'
import { findUser, type KnownUser, requireZone } from './manage-user.ts'
import { queueJob } from './queue-job.ts'

export interface TakeDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
  /** Letters and digits that no other object's name has. */
  readonly newId: () => string
}

export interface Upload {
  readonly userId: string
  /** The same for each repetition of one call. */
  readonly callId: string
  readonly content: AsyncIterable<Uint8Array>
  readonly file: string
  readonly zone?: string | undefined
  readonly dryRun: boolean
  /** Who the person will be if nobody has the id; absent: there must be somebody. */
  readonly newPerson?: KnownUser
}

/**
 * Keeps a file that was sent, byte for byte and durably, and queues the job that imports it. Of a call that is worked on twice at once, as
 * when its first process was given up too early, the first to end counts. Throws `Problem`, and keeps nothing, for a person who is not there
 * and for a file of no format that is known.
 */
export async function takeImport(deps: TakeDeps, upload: Upload): Promise<ImportRecord> {
  const { userId, callId, content, file, zone, dryRun } = upload
  const known = zone === undefined ? undefined : requireZone(zone)
  const isThere = (await findUser(deps, userId)) !== undefined
  if (!isThere && upload.newPerson === undefined) throw nothingThere()
  const importId = `import_${callId}`
  const before = await deps.documents.get<ImportRecord>(importPath({ userId, importId }))
  if (before) return before.body
  // A name of its own: whoever fails deletes nobody else's bytes.
  const stored = await deps.blobs.putStream(`uploads/${userId}/${importId}_${deps.newId()}`, content)
  try {
    if (stored.length === 0) throw new Problem('empty_body', 'The body is empty: send the file as it is.')
    await findImporter(await openBlobSource(deps.blobs, stored.key))
  } catch (error) {
    await deps.blobs.delete(stored.key)
    throw error
  }
  const createdAt = formatInstant(deps.clock.nowMs())
  const jobId = `job_${callId}`
  const original = dryRun ? stored.key : await keptOnce(deps, userId, stored)
  const { sha256 } = stored
  const record: ImportRecord = {
    ...{ importId, userId, jobId, file, createdAt, status: 'processing' as const, sha256, original },
    ...(known !== undefined && { zone: known }),
    ...(dryRun && { dryRun: true as const }),
  }
  const job = queueJob({ jobId, userId, type: 'import', input: { importId }, nowMs: deps.clock.nowMs() })
  if (!isThere && upload.newPerson !== undefined) await makePerson(deps, userId, upload.newPerson)
  const kept = await keepFirst(deps, record, job)
  if (kept.original !== stored.key) await deps.blobs.delete(stored.key)
  return kept
}

/** Only once their file is one that can be read. Somebody else may be quicker, and then there is somebody. */
async function makePerson({ documents }: TakeDeps, userId: string, person: KnownUser): Promise<void> {
  try {
    await documents.batch([{ op: 'put', path: `users/${userId}`, body: person, ifAbsent: true }])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
}

/** The record, or the one that another sending of the same call was quicker to keep. */
async function keepFirst({ documents }: TakeDeps, record: ImportRecord, job: Write): Promise<ImportRecord> {
  try {
    await documents.batch([{ op: 'put', path: importPath(record), body: record, ifAbsent: true }, job])
    return record
  } catch (error) {
    const first = await documents.get<ImportRecord>(importPath(record))
    if (!(error instanceof Problem && error.code === 'conflict') || first === undefined) throw error
    return first.body
  }
}

/** The key under which the same bytes were kept before, or the new one. What a dry run brought goes when it is over. */
async function keptOnce({ documents, blobs }: TakeDeps, userId: string, { key, sha256, length }: StoredBlob): Promise<string> {
  const query = { collection: 'imports', parent: `users/${userId}`, index: 'content', equals: [userId, sha256], limit: 20 }
  const { data } = await documents.list<ImportRecord>(query)
  const earlier = data.find(({ body }) => body.original !== undefined && !body.dryRun)?.body.original
  return earlier !== undefined && (await blobs.head(earlier))?.length === length ? earlier : key
}
