import type { ByteSource } from '../importers/byte-source.ts'
import type { Reading, ReadOptions } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { ImportRecord, ImportReport } from '../model/import.ts'
import type { Clock } from '../ports/clock.ts'
import type { Scratch } from '../ports/scratch.ts'
import { dirtyDays, marksOf } from './dirty-days.ts'
import { countKept, type ImportCounts, makeReport, newCounts } from './import-counts.ts'
import { beginImport, finishImport } from './import-record.ts'
import { keepSessions, wouldKeep } from './keep-sessions.ts'
import { findUser, type KnownUser, newUser, requireZone } from './manage-user.ts'
import type { Kept } from './plan-session.ts'
import type { FileDeps } from './session-files.ts'

export interface ImportDeps extends FileDeps {
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
  /** Its own record, where that is there already and names the original: whoever made it finishes it, and sees to the days. */
  readonly record?: ImportRecord
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
  /** False when the file ended or broke before its end. */
  readonly isWhole: boolean
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
  const importId = request.record?.importId ?? `import_${deps.newId()}`
  const reading = await importer.read(source, readOptions(deps, request, user, startedMs))
  try {
    const original = request.dryRun ? undefined : await beginImport(deps, request, { importId, user, reading, version: known?.version })
    const counts = await keepAll(deps, request, !known, reading)
    const report = makeReport(request, importer.format, importId, reading, counts, (deps.clock.nowMs() - startedMs) / 1000)
    if (original && !request.record) await finishImport(deps, original, report, reading.whole)
    const { sameAs } = original ?? {}
    return { report, isNewUser: !known, isWhole: reading.whole, ...(sameAs !== undefined && { sameFileAs: sameAs }) }
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
  { userId, dryRun, record, onProgress }: ImportRequest,
  isNewPerson: boolean,
  reading: Reading,
): Promise<ImportCounts> {
  const counts = newCounts()
  const mark = record ? marksOf : dirtyDays
  const owner = { userId, isNewPerson }
  const steps = dryRun
    ? wouldKeep(deps, owner, reading.drafts())
    : keepSessions(deps, owner, reading.drafts(), (changed) => mark(deps, userId, datesIn(changed)))
  for await (const kept of steps) {
    for (const entry of kept) countKept(counts, entry)
    const done = counts.accepted + counts.duplicate + counts.quarantined
    onProgress?.({ stage: 'keeping', done, total: Math.max(done, reading.counts.received) })
  }
  return counts
}

function datesIn(changed: readonly Kept[]): string[] {
  return changed.map(({ localDate }) => localDate)
}
