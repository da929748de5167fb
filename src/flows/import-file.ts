import type { ByteSource } from '../importers/byte-source.ts'
import { passing } from '../importers/byte-source.ts'
import type { Reading, ReadOptions } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { ImportRecord, ImportReport } from '../model/import.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Write } from '../ports/documents.ts'
import type { Scratch } from '../ports/scratch.ts'
import { dirtyDays } from './dirty-days.ts'
import { countKept, type ImportCounts, makeReport, newCounts } from './import-counts.ts'
import { type KeepDeps, keepSessions, wouldKeep } from './keep-sessions.ts'
import { findUser, type KnownUser, newUser, requireZone } from './manage-user.ts'

export interface ImportDeps extends KeepDeps {
  readonly scratch: Scratch
  readonly clock: Clock
}

export interface ImportRequest {
  readonly userId: string
  readonly fileName: string
  readonly source: ByteSource
  /** Becomes the profile zone of a new person. */
  readonly zone?: string
  /** Reads and judges everything and writes nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly stage: 'reading' | 'keeping'
  /** Of the file while reading; of the records while keeping. */
  readonly done: number
  readonly total: number
}

export interface ImportResult {
  readonly report: ImportReport
  readonly isNewUser: boolean
  /** The same bytes were imported before, completely. */
  readonly sameFileAs?: string
}

/**
 * An export becomes sessions: the original is kept byte for byte, every record is accepted, a duplicate, quarantined or rejected, and
 * the days it touches are marked. Made twice it adds nothing; killed anywhere it can be made again. Throws `Problem`.
 */
export async function importFile(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const startedMs = deps.clock.nowMs()
  const { userId, source, zone } = request
  if (zone !== undefined) requireZone(zone)
  const importer = await findImporter(source)
  const known = await findUser(deps, userId)
  const user = known?.user ?? newUser(deps, zone)
  const importId = `import_${deps.newId()}`
  const reading = await importer.read(source, readOptions(deps, request, user, startedMs))
  try {
    const original = request.dryRun ? undefined : await begin(deps, request, { importId, user, reading, version: known?.version })
    const counts = await keepAll(deps, request, { importId, isNewPerson: !known }, reading)
    const report = makeReport(request, importer.format, importId, reading, counts, (deps.clock.nowMs() - startedMs) / 1000)
    if (original) await finish(deps, userId, importId, original, report, reading.whole)
    return { report, isNewUser: !known, ...(original?.sameAs !== undefined && { sameFileAs: original.sameAs }) }
  } finally {
    reading.close()
  }
}

function readOptions({ scratch }: ImportDeps, { source, zone, onProgress }: ImportRequest, user: KnownUser, nowMs: number): ReadOptions {
  // UTC is what a person has who never said where they live: the file knows better.
  const profileZone = zone ?? (user.profile.timezone === 'UTC' ? undefined : user.profile.timezone)
  return {
    scratch,
    nowMs,
    ...(profileZone !== undefined && { profileZone }),
    ...(user.zones !== undefined && { storedZones: user.zones }),
    onProgress: (done) => onProgress?.({ stage: 'reading', done: Math.min(done, source.length), total: source.length }),
  }
}

async function keepAll(
  deps: ImportDeps,
  { userId, dryRun, onProgress }: ImportRequest,
  { importId, isNewPerson }: { readonly importId: string; readonly isNewPerson: boolean },
  reading: Reading,
): Promise<ImportCounts> {
  const counts = newCounts()
  const owner = { userId, isNewPerson }
  const steps = dryRun
    ? wouldKeep(deps, owner, reading.drafts())
    : keepSessions(deps, owner, reading.drafts(), (changed) => dirtyDays(deps, userId, importId, changed))
  for await (const kept of steps) {
    for (const entry of kept) countKept(counts, entry)
    const done = counts.accepted + counts.duplicate + counts.quarantined
    onProgress?.({ stage: 'keeping', done, total: Math.max(done, reading.counts.received) })
  }
  return counts
}

interface Beginning {
  readonly importId: string
  readonly user: KnownUser
  readonly reading: Reading
  /** Of the person's document; undefined for a new person. */
  readonly version: number | undefined
}

interface Original {
  readonly record: ImportRecord
  readonly sameAs?: string
}

/** The original first, then the person and the import's own record, before any session names them. */
async function begin(
  deps: ImportDeps,
  { userId, source, zone }: ImportRequest,
  { importId, user, reading, version }: Beginning,
): Promise<Original> {
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
  // Also one whose import was killed: the same bytes are kept once.
  const original = earlier.data.find(({ body }) => body.original !== undefined)?.body.original ?? key
  const now = instant(deps)
  const person = withPerson(user, reading, zone, now)
  const record: ImportRecord = { importId, userId, createdAt: now, status: 'processing', sha256, original }
  const writes: Write[] = [
    { op: 'put', path: `users/${userId}`, body: person, ...(version === undefined ? { ifAbsent: true as const } : { ifVersion: version }) },
    { op: 'put', path: `users/${userId}/imports/${importId}`, body: record, ifAbsent: true },
  ]
  await deps.documents.batch(writes)
  if (original !== key) await deps.blobs.delete(key)
  return { record, ...(sameAs !== undefined && { sameAs }) }
}

function instant(deps: Pick<ImportDeps, 'clock'>): string {
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

async function finish(
  deps: ImportDeps,
  userId: string,
  importId: string,
  { record, sameAs }: Original,
  report: ImportReport,
  whole: boolean,
): Promise<void> {
  const body = {
    ...record,
    finishedAt: instant(deps),
    status: whole ? 'completed' : 'partial',
    report,
    ...(sameAs !== undefined && { sameFileAs: sameAs }),
  }
  await deps.documents.batch([{ op: 'put', path: `users/${userId}/imports/${importId}`, body }])
}
