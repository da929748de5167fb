import type { ByteSource } from '../importers/byte-source.ts'
import { stream } from '../importers/byte-source.ts'
import type { Reading, SessionDraft } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { ImportRecord, ImportReport } from '../model/import.ts'
import { isMetricName, metrics } from '../model/metrics.ts'
import { conserved } from '../model/quality.ts'
import type { Blobs } from '../ports/blobs.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import type { Scratch } from '../ports/scratch.ts'
import { dirtyDays } from './dirty-days.ts'
import { type Kept, keepSessions } from './keep-sessions.ts'
import { findUser, type KnownUser, newUser, requireZone } from './manage-user.ts'

export interface ImportDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly scratch: Scratch
  readonly clock: Clock
  /** Letters and digits that no other import has. */
  readonly newId: () => string
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

/** A beat of an HRV record's list is part of that record and no record of its own. */
const BEAT = 'InstantaneousBeatsPerMinute'

/** Sessions kept in one atomic batch: few enough for a step of the progress bar, enough that one fsync serves many. */
const BATCH = 64

/**
 * An export becomes sessions: the original is kept byte for byte, every record is accepted, a duplicate, quarantined or rejected, and
 * the days it touches are marked. Made twice it adds nothing; killed anywhere it can be made again. Throws `Problem`.
 */
export async function importFile(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const startedMs = deps.clock.nowMs()
  const { userId, source } = request
  const importer = await findImporter(source)
  const known = await findUser(deps, userId)
  const user = known?.user ?? newUser(deps, request.zone)
  if (request.zone !== undefined) requireZone(request.zone)
  const importId = `import_${deps.newId()}`
  const profileZone = request.zone ?? (user.profile.timezone === 'UTC' && !known ? undefined : user.profile.timezone)
  const reading = await importer.read(source, {
    scratch: deps.scratch,
    nowMs: startedMs,
    ...(profileZone !== undefined && { profileZone }),
    ...(user.zoneTimeline !== undefined && { storedZones: user.zoneTimeline }),
    onProgress: (done) => request.onProgress?.({ stage: 'reading', done: Math.min(done, source.length), total: source.length }),
  })
  try {
    const tally = newCounts()
    const original = request.dryRun ? undefined : await begin(deps, request, { importId, user, known: known !== undefined, reading, version: known?.version })
    for (const drafts of batches(reading.drafts())) {
      const kept = request.dryRun ? drafts.map(asNew) : await keepSessions(deps, userId, drafts, (changed) => dirtyDays(deps, userId, importId, changed))
      for (const entry of kept) count(tally, entry)
      const done = tally.accepted + tally.duplicate + tally.quarantined
      request.onProgress?.({ stage: 'keeping', done, total: Math.max(done, reading.counts.received) })
    }
    const report = makeReport(deps, request, importer.format, importId, reading, tally, startedMs)
    if (original) await finish(deps, userId, importId, original, report, reading.whole)
    return { report, isNewUser: !known, ...(original?.sameAs !== undefined && { sameFileAs: original.sameAs }) }
  } finally {
    reading.close()
  }
}

function* batches(drafts: Iterable<SessionDraft>): Generator<SessionDraft[]> {
  let batch: SessionDraft[] = []
  for (const draft of drafts) {
    batch.push(draft)
    if (batch.length === BATCH) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

function asNew(draft: SessionDraft): Kept {
  return { draft, added: new Uint8Array(draft.table.rows).fill(1), isNewSession: true, changed: true }
}

interface Beginning {
  readonly importId: string
  readonly user: KnownUser
  readonly known: boolean
  readonly reading: Reading
  readonly version: number | undefined
}

interface Original {
  readonly record: ImportRecord
  readonly sameAs?: string
}

/** The original first, then the person and the import's own record, before any session names them. */
async function begin(deps: ImportDeps, { userId, source }: ImportRequest, { importId, user, known, reading, version }: Beginning): Promise<Original> {
  const key = `uploads/${userId}/${importId}`
  const { sha256 } = await deps.blobs.putStream(key, stream(source))
  const earlier = await deps.documents.list<ImportRecord>({ collection: 'imports', parent: `users/${userId}`, index: 'content', equals: [userId, sha256], limit: 20 })
  const sameAs = earlier.data.find(({ body }) => body.status !== 'processing')?.body.importId
  const now = instant(deps)
  const person = withPerson(user, reading, now)
  const record: ImportRecord = { importId, userId, createdAt: now, status: 'processing', sha256 }
  const writes: Write[] = [
    { op: 'put', path: `users/${userId}`, body: person, ...(known ? { ifVersion: version as number } : { ifAbsent: true as const }) },
    { op: 'put', path: `users/${userId}/imports/${importId}`, body: record, ifAbsent: true },
  ]
  await deps.documents.batch(writes)
  if (sameAs !== undefined) await deps.blobs.delete(key)
  return { record, ...(sameAs !== undefined && { sameAs }) }
}

function instant(deps: Pick<ImportDeps, 'clock'>): string {
  return formatInstant(deps.clock.nowMs())
}

/** What the file says of the person fills what the profile does not say; it changes nothing that is there. */
function withPerson(user: KnownUser, { person, timeline }: Reading, now: string): KnownUser {
  return {
    ...user,
    profile: {
      ...user.profile,
      ...(typeof user.profile.dateOfBirth !== 'string' && person.dateOfBirth !== undefined && { dateOfBirth: person.dateOfBirth }),
      ...(typeof user.profile.gender !== 'string' && person.gender !== undefined && { gender: person.gender }),
    },
    zoneTimeline: timeline,
    metadata: { ...user.metadata, updatedAt: now },
  }
}

interface ImportCounts {
  accepted: number
  duplicate: number
  quarantined: number
  sessions: number
  readonly dates: Set<string>
  readonly byMetric: Map<string, number>
}

function newCounts(): ImportCounts {
  return { accepted: 0, duplicate: 0, quarantined: 0, sessions: 0, dates: new Set(), byMetric: new Map() }
}

function count(counts: ImportCounts, { draft, added, changed }: Kept): void {
  const { table, localDate } = draft
  if (changed) {
    counts.sessions++
    counts.dates.add(localDate)
  }
  const metric = table.words.metric
  const beat = table.words.type.words.indexOf(BEAT)
  const accepted = new Int32Array(metric.words.length)
  for (let row = 0; row < table.rows; row++) {
    if (beat >= 0 && table.words.type.codes[row] === beat) continue
    if (added[row] === 0) counts.duplicate++
    else if ((table.words.quarantine.codes[row] as number) >= 0) counts.quarantined++
    else {
      counts.accepted++
      const code = metric.codes[row] as number
      if (code >= 0) accepted[code] = (accepted[code] as number) + 1
    }
  }
  metric.words.forEach((name, code) => {
    if (accepted[code]) counts.byMetric.set(name, (counts.byMetric.get(name) ?? 0) + (accepted[code] as number))
  })
}

function makeReport(deps: ImportDeps, request: ImportRequest, format: string, importId: string, reading: Reading, counts: ImportCounts, startedMs: number): ImportReport {
  const unreadable = reading.problems.get('unreadable_record')?.count ?? 0
  const unmapped = reading.problems.get('unmapped_element')?.count ?? 0
  const totals = {
    received: reading.counts.received,
    accepted: counts.accepted,
    duplicate: reading.counts.duplicate + counts.duplicate,
    quarantined: counts.quarantined + unreadable + unmapped,
    rejected: reading.counts.rejected,
  }
  if (!conserved(totals)) throw new Error(`records unaccounted for: ${JSON.stringify(totals)}`)
  const dates = [...counts.dates].sort()
  const first = dates[0]
  const last = dates.at(-1)
  return {
    importId,
    file: request.fileName,
    format,
    bytes: request.source.length,
    seconds: (deps.clock.nowMs() - startedMs) / 1000,
    ...totals,
    sessions: counts.sessions,
    days: dates.length,
    ...(first !== undefined && { firstDate: first }),
    ...(last !== undefined && { lastDate: last }),
    insights: 0,
    metrics: Object.fromEntries(
      [...counts.byMetric].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, n]) => (isMetricName(name) ? [[name, { accepted: n, unit: metrics[name].unit }]] : [])),
    ),
    problems: [...reading.problems].map(([code, { count: n, example }]) => ({ code, count: n, ...(example !== '' && { example }) })),
  }
}

async function finish(deps: ImportDeps, userId: string, importId: string, { record, sameAs }: Original, report: ImportReport, whole: boolean): Promise<void> {
  const body = { ...record, finishedAt: instant(deps), status: whole ? 'completed' : 'partial', report, ...(sameAs !== undefined && { sameFileAs: sameAs }) }
  await deps.documents.batch([{ op: 'put', path: `users/${userId}/imports/${importId}`, body }])
}

