import type { ByteSource } from '../importers/byte-source.ts'
import { type ClarityExport, findClarityExport } from '../importers/clarity-export/clarity-export.ts'
import type { Reading, ReadOptions } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { ImportRecord, ImportReport } from '../model/import.ts'
import type { Clock } from '../ports/clock.ts'
import type { Write } from '../ports/documents.ts'
import type { Scratch } from '../ports/scratch.ts'
import { dirtyDays, marksOf } from './dirty-days.ts'
import { checkpointOf, newTally, putCheckpoint, type Tally } from './import-checkpoint.ts'
import { makeReport } from './import-counts.ts'
import { beginImport, finishImport } from './import-record.ts'
import { keepSessions, wouldKeep } from './keep-sessions.ts'
import { findUser, type KnownUser, newUser, requireZone } from './manage-user.ts'
import type { Kept } from './plan-session.ts'
import type { FileDeps } from './session-files.ts'
import { bringBack } from './take-export.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface ImportDeps extends FileDeps {
  readonly scratch: Scratch
  readonly clock: Clock
  /** Absent: no figures for SQL. */
  readonly toWarehouse?: ToWarehouse
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
  /** Makes the days and insights once all is kept; the report has their number. Absent: nobody does. */
  readonly analyse?: (counting: Counting) => Promise<number>
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly stage: 'reading' | 'keeping'
  /** Of the file while reading; of the records while keeping. */
  readonly done: number
  readonly total: number
}

/** For whoever makes insights of an import: how many an earlier attempt made, and what is written with each batch of them. */
export interface Counting {
  readonly insights: number
  alongside(insights: number): Promise<readonly Write[]>
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
  const { source, zone } = request
  if (zone !== undefined) requireZone(zone)
  const whole = await findClarityExport(source)
  return whole === undefined ? importOther(deps, request) : bringWhole(deps, request, whole)
}

async function importOther(deps: ImportDeps, request: ImportRequest): Promise<ImportResult> {
  const startedMs = deps.clock.nowMs()
  const { userId, source, zone } = request
  const importer = await findImporter(source)
  const known = await findUser(deps, userId)
  const user = known?.user ?? newUser(deps, zone)
  const importId = request.record?.importId ?? `import_${deps.newId()}`
  const reading = await importer.read(source, readOptions(deps, request, user, startedMs))
  try {
    const original = request.dryRun ? undefined : await beginImport(deps, request, { importId, user, reading, version: known?.version })
    const record = original?.record
    const tally = newTally(record?.checkpoint)
    await keepAll(deps, request, { isNewPerson: !known, reading, tally, record })
    const insights = record && request.analyse ? await request.analyse(countingOf(deps, record, tally)) : 0
    const made = { insights, seconds: (deps.clock.nowMs() - startedMs) / 1000 }
    const report = makeReport(request, importer.format, record?.importId ?? importId, reading, tally, made)
    if (original && !request.record) await finishImport(deps, original, report, reading.whole)
    const { sameAs } = original ?? {}
    return { report, isNewUser: !known, isWhole: reading.whole, ...(sameAs !== undefined && { sameFileAs: sameAs }) }
  } finally {
    reading.close()
  }
}

/** An export of ours is no file of a device: it becomes what it was of, and is not kept itself. */
async function bringWhole(deps: ImportDeps, request: ImportRequest, whole: ClarityExport): Promise<ImportResult> {
  const { userId, fileName, source, record, dryRun } = request
  const isNewUser = (await findUser(deps, userId)) === undefined
  const importId = record?.importId ?? `import_${deps.newId()}`
  const onProgress = (done: number, total: number) => request.onProgress?.({ stage: 'keeping', done, total })
  const report = await bringBack(deps, { userId, fileName, source, importId, dryRun, onProgress }, whole)
  return { report, isNewUser, isWhole: true }
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
  { userId, record: begun, onProgress }: ImportRequest,
  { isNewPerson, reading, tally, record }: Keeping,
): Promise<void> {
  const mark = begun ? marksOf : dirtyDays
  const owner = { userId, isNewPerson }
  const steps = record
    ? keepSessions(deps, owner, reading.drafts(), async (changed, met) => {
        tally.add(met)
        if (changed.length === 0) return []
        return [...mark(deps, userId, datesIn(changed)), await putCheckpoint(deps, record, checkpointOf(deps, tally))]
      })
    : wouldKeep(deps, owner, reading.drafts())
  for await (const kept of steps) {
    if (!record) tally.add(kept)
    const { accepted, duplicate, quarantined } = tally.plain
    const done = accepted + duplicate + quarantined
    onProgress?.({ stage: 'keeping', done, total: Math.max(done, reading.counts.received) })
  }
}

interface Keeping {
  readonly isNewPerson: boolean
  readonly reading: Reading
  readonly tally: Tally
  /** Absent where nothing is kept. */
  readonly record: ImportRecord | undefined
}

function countingOf(deps: ImportDeps, record: ImportRecord, tally: Tally): Counting {
  return {
    insights: record.checkpoint?.insights ?? 0,
    alongside: async (insights) => [await putCheckpoint(deps, record, checkpointOf(deps, tally, insights))],
  }
}

function datesIn(changed: readonly Kept[]): string[] {
  return changed.map(({ localDate }) => localDate)
}
