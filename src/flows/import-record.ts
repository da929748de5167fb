import { passing } from '../importers/byte-source.ts'
import type { Reading } from '../importers/importer.ts'
import type { ImportRecord, ImportReport } from '../model/import.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import type { ImportRequest } from './import-file.ts'
import { type KnownUser, requireZone } from './manage-user.ts'

interface RecordDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
}

interface Beginning {
  readonly importId: string
  readonly user: KnownUser
  readonly reading: Reading
  /** Of the person's document; undefined for a new person. */
  readonly version: number | undefined
}

export interface Original {
  readonly record: ImportRecord
  readonly sameAs?: string
}

/** The original first, then the person and the import's own record, before any session names them. */
export async function beginImport(
  deps: RecordDeps,
  request: Pick<ImportRequest, 'userId' | 'source' | 'zone' | 'record'>,
  { importId, user, reading, version }: Beginning,
): Promise<Original> {
  const { userId, source, zone } = request
  const person: Write = {
    op: 'put',
    path: `users/${userId}`,
    body: withPerson(user, reading, zone, instant(deps)),
    ...(version === undefined ? { ifAbsent: true as const } : { ifVersion: version }),
  }
  if (request.record) {
    await deps.documents.batch([person])
    return { record: request.record }
  }
  const key = `uploads/${userId}/${importId}`
  const { sha256 } = await deps.blobs.putStream(key, passing(source))
  const earlier = await deps.documents.list<ImportRecord>({
    collection: 'imports',
    parent: `users/${userId}`,
    index: 'content',
    equals: [userId, sha256],
    limit: 20,
  })
  const sameAs = earlier.data.find(({ body }) => body.status !== 'processing')?.body.importId
  const same = sameAs === undefined ? {} : { sameAs }
  const halfMade = earlier.data.find(({ body }) => body.status === 'processing' && body.jobId === undefined)
  if (halfMade) return { ...(await takeUp(deps, halfMade, person, key)), ...same }
  // Also one whose import was killed: the same bytes are kept once.
  const original = earlier.data.find(({ body }) => body.original !== undefined)?.body.original ?? key
  const record: ImportRecord = { importId, userId, createdAt: instant(deps), status: 'processing', sha256, original }
  await deps.documents.batch([person, { op: 'put', path: importPath(record), body: record, ifAbsent: true }])
  if (original !== key) await deps.blobs.delete(key)
  return { record, ...same }
}

/** A command was killed while it imported these bytes: this one goes on, and counts on. Should the other be alive, it ends at its next step. */
async function takeUp(
  { documents, blobs }: RecordDeps,
  { path, version, body }: Stored<ImportRecord>,
  person: Write,
  key: string,
): Promise<Original> {
  const record: ImportRecord = { ...body, attempt: (body.attempt ?? 0) + 1 }
  await documents.batch([person, { op: 'put', path, body: record, ifVersion: version }])
  await blobs.delete(key)
  return { record }
}

function instant(deps: Pick<RecordDeps, 'clock'>): string {
  return formatInstant(deps.clock.nowMs())
}

/** What the file says of the person fills what the profile does not say; only a zone that was asked for changes what is there. */
function withPerson(user: KnownUser, { person, zones }: Reading, zone: string | undefined, now: string): KnownUser {
  const { dateOfBirth = person.dateOfBirth, gender = person.gender, ...profile } = user.profile
  return {
    ...user,
    profile: {
      ...profile,
      ...(zone !== undefined && { timezone: requireZone(zone) }),
      ...(dateOfBirth !== undefined && { dateOfBirth }),
      ...(gender !== undefined && { gender }),
    },
    zones,
    metadata: { ...user.metadata, updatedAt: now },
  }
}

export async function finishImport(
  deps: Pick<RecordDeps, 'documents' | 'clock'>,
  { record, sameAs }: Original,
  report: ImportReport,
  isWhole: boolean,
): Promise<void> {
  const { path, version } = await ownRecord(deps, record)
  const body = { ...finishedRecord(record, report, isWhole, instant(deps)), ...(sameAs !== undefined && { sameFileAs: sameAs }) }
  await deps.documents.batch([{ op: 'put', path, body, ifVersion: version }])
}

export function finishedRecord(record: ImportRecord, report: ImportReport, isWhole: boolean, finishedAt: string): ImportRecord {
  const { problem: _, checkpoint: __, attempt: ___, ...rest } = record
  return { ...rest, finishedAt, status: isWhole ? 'completed' : 'partial', report }
}

/** The record as it stands. Throws `Problem('conflict')` where another process has taken the import up or ended it: nothing more of it is to be written. */
export async function ownRecord({ documents }: Pick<RecordDeps, 'documents'>, record: ImportRecord): Promise<Stored<ImportRecord>> {
  const now = await documents.get<ImportRecord>(importPath(record))
  if (now?.body.status === 'processing' && now.body.attempt === record.attempt) return now
  throw new Problem('conflict', 'The import is another process’s by now, or was ended.')
}

export function importPath({ userId, importId }: Pick<ImportRecord, 'userId' | 'importId'>): string {
  return `users/${userId}/imports/${importId}`
}
