import type { ImportRecord } from '../model/import.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem, type ProblemCode } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { PART_BYTES, partKey, partOffsets, UPLOADS_KEPT_MS, type UploadRecord } from '../model/upload.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { all } from './every.ts'
import { importPath } from './import-record.ts'
import { findUser, newUser, requireZone } from './manage-user.ts'
import { type TakeDeps, takeImport } from './take-import.ts'

export interface AskedUpload {
  readonly userId: string
  /** The same for each repetition of one call. */
  readonly callId: string
  readonly file: string
  readonly size: number
  readonly zone: string | undefined
  readonly dryRun: boolean
  /** Makes the person, if nobody has the id, once the file is there and can be read. */
  readonly newPerson: boolean
}

const MOST_OPEN = 16

/** Opens an upload; the same call again is the same upload. Throws `Problem`: `not_found` for nobody, `too_many_items` for one too many at once. */
export async function startUpload(deps: TakeDeps, asked: AskedUpload): Promise<UploadRecord> {
  const { userId, callId, file, size, dryRun, newPerson } = asked
  if (!newPerson && (await findUser(deps, userId)) === undefined) throw nothingThere()
  const at = formatInstant(deps.clock.nowMs())
  const upload: UploadRecord = {
    ...{ uploadId: `upload_${callId}`, userId, createdAt: at, updatedAt: at, file, size, partBytes: PART_BYTES, received: 0 },
    ...(asked.zone !== undefined && { zone: requireZone(asked.zone) }),
    ...(dryRun && { dryRun }),
    ...(newPerson && { newPerson }),
  }
  const before = await deps.documents.get<UploadRecord>(uploadPath(upload))
  if (before !== undefined) return before.body
  const { data } = await deps.documents.list({ collection: 'uploads', parent: `users/${userId}`, limit: MOST_OPEN })
  if (data.length >= MOST_OPEN) throw new Problem('too_many_items', `At most ${MOST_OPEN} uploads of a person are kept: delete one.`)
  await deps.documents.batch([{ op: 'put', path: uploadPath(upload), body: upload, ifAbsent: true }])
  return upload
}

/** Throws `Problem('not_found')`. */
export async function requireUpload(
  { documents }: { readonly documents: Documents },
  userId: string,
  uploadId: string,
): Promise<Stored<UploadRecord>> {
  const found = await documents.get<UploadRecord>(uploadPath({ userId, uploadId }))
  if (found === undefined) throw nothingThere()
  return found
}

export interface Part {
  readonly offset: number
  readonly content: AsyncIterable<Uint8Array>
}

/**
 * Keeps the next part, durably, and says how much is there. Throws `Problem`: `wrong_offset` for a part that is not the next one, also
 * where another sending of it was quicker, `invalid` for one of another length; nothing changed then.
 */
export async function addPart(deps: TakeDeps, { body: upload, path, version }: Stored<UploadRecord>, part: Part): Promise<UploadRecord> {
  const { size, partBytes, received } = upload
  if (part.offset !== received || received === size) throw notThere(upload)
  const length = Math.min(partBytes, size - received)
  await deps.blobs.putStream(partKey(upload, received), ofLength(part.content, length))
  const now: UploadRecord = { ...upload, received: received + length, updatedAt: formatInstant(deps.clock.nowMs()) }
  try {
    await deps.documents.batch([{ op: 'put', path, body: now, ifVersion: version }])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
    const { body } = await requireUpload(deps, upload.userId, upload.uploadId)
    throw notThere(body)
  }
  return now
}

async function* ofLength(content: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const chunk of content) {
    total += chunk.length
    if (total > length) break
    yield chunk
  }
  if (total !== length) throw new Problem('invalid', `The part that begins here has ${length} bytes.`)
}

function notThere({ received, size }: UploadRecord): Problem {
  return new Problem('wrong_offset', `Of ${size} bytes ${received} are there.`)
}

/** What may go well another time; of anything else the file is the cause, and will be. */
const passing: readonly ProblemCode[] = ['unavailable', 'conflict', 'storage_full', 'overloaded', 'store_in_use']

/**
 * The whole file becomes an import, as if it had come at once, and its parts go. Asked again, also at once, it is the same import. Throws
 * `Problem`: `wrong_offset` while parts are missing; what is wrong with the file, of which nothing is kept then.
 */
export async function importUpload(deps: TakeDeps, userId: string, uploadId: string): Promise<ImportRecord> {
  const { body: upload } = await requireUpload(deps, userId, uploadId)
  const { received, size, file, zone, dryRun, newPerson } = upload
  if (received < size) throw notThere(upload)
  try {
    const record = await takeImport(deps, {
      ...{ userId, callId: uploadId.replace(/^upload_/, ''), file, zone, dryRun: dryRun === true },
      content: contentOf(deps, upload),
      ...(newPerson && { newPerson: newUser(deps, zone) }),
    })
    await endUpload(deps, upload, record.importId)
    return record
  } catch (error) {
    // Another was quicker, and took the parts away under this one.
    const made = await madeOf(deps, userId, uploadId)
    if (made !== undefined) return made
    if (error instanceof Problem && !passing.includes(error.code)) await dropUpload(deps, upload)
    throw error
  }
}

async function madeOf({ documents }: TakeDeps, userId: string, uploadId: string): Promise<ImportRecord | undefined> {
  const importId = (await documents.get<UploadRecord>(uploadPath({ userId, uploadId })))?.body.importId
  return importId === undefined ? undefined : (await documents.get<ImportRecord>(importPath({ userId, importId })))?.body
}

async function* contentOf({ blobs }: TakeDeps, upload: UploadRecord): AsyncGenerator<Uint8Array> {
  for (const offset of partOffsets(upload)) yield* blobs.read(partKey(upload, offset))
}

/** It stays, without its parts, for whoever did not hear the answer and asks what became of it. */
async function endUpload(deps: TakeDeps, upload: UploadRecord, importId: string): Promise<void> {
  if (upload.importId !== undefined) return
  const updatedAt = formatInstant(deps.clock.nowMs())
  await deps.documents.batch([{ op: 'put', path: uploadPath(upload), body: { ...upload, updatedAt, importId } }])
  await deleteParts(deps, upload)
}

const AT_ONCE = 16

/** An upload goes, with its parts: these last, so that what is named is there. */
export async function dropUpload(deps: Pick<TakeDeps, 'documents' | 'blobs'>, upload: UploadRecord): Promise<void> {
  await deps.documents.batch([{ op: 'delete', path: uploadPath(upload) }])
  await deleteParts(deps, upload)
}

async function deleteParts({ blobs }: Pick<TakeDeps, 'blobs'>, upload: UploadRecord): Promise<void> {
  // The last: one that was kept, and not yet named.
  const keys = [...partOffsets(upload), upload.received].map((offset) => partKey(upload, offset))
  for (let from = 0; from < keys.length; from += AT_ONCE)
    await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => blobs.delete(key)))
}

/** Takes away the uploads that nobody went on with for a day; says how many. */
export async function tidyUploads(deps: Pick<TakeDeps, 'documents' | 'blobs' | 'clock'>): Promise<number> {
  const to = formatInstant(deps.clock.nowMs() - UPLOADS_KEPT_MS)
  const old = await all<UploadRecord>(deps.documents, { collection: 'uploads', index: 'age', from: '', to })
  for (const { body } of old) await dropUpload(deps, body)
  return old.length
}

export function uploadPath({ userId, uploadId }: Pick<UploadRecord, 'userId' | 'uploadId'>): string {
  return `users/${userId}/uploads/${uploadId}`
}
