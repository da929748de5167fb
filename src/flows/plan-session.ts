import { mergeTables } from '../columns/merge.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { SampleTable } from '../model/sample-table.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { archivedSessions } from './archived-documents.ts'
import { findState } from './lifecycle-state.ts'
import { countRows, type RowCounts } from './row-counts.ts'
import { type SessionBody, sessionDocument, sessionId } from './session-document.ts'
import { movableFile } from './session-samples.ts'
import { summaryTable, summaryTexts } from './summary-sessions.ts'

/** What became of a draft. */
export interface Kept {
  readonly localDate: string
  readonly sourceId: string
  readonly counts: RowCounts
  readonly isNewSession: boolean
  /** Its samples were named by the document and were not there. */
  readonly isRebuilt: boolean
  readonly changed: boolean
}

export interface Owner {
  readonly userId: string
  /** There is nothing of theirs yet to be looked for. Should there be, the batch fails and nothing is written. */
  readonly isNewPerson?: boolean
}

/** A session that is new or changed. */
export interface Change {
  readonly path: string
  readonly body: SessionBody
  /** Absent where the document says everything. */
  readonly table?: SampleTable
  readonly old?: Stored<StoredSession>
}

export interface Plan {
  readonly kept: Kept
  readonly change?: Change
}

export interface PlanDeps {
  readonly documents: Documents
  readonly blobs: Blobs
}

/** What keeping a draft comes to, held against what is there. The plan uses the draft's own table. */
export async function planSession(deps: PlanDeps, { userId, isNewPerson = false }: Owner, draft: SessionDraft): Promise<Plan> {
  const path = `users/${userId}/healthSessions/${sessionId(draft.localDate, draft.source.id)}`
  const found = isNewPerson
    ? undefined
    : ((await deps.documents.get<KeptSession>(path)) ?? (await archivedAt(deps, userId, path, draft.localDate)))
  if (found && isTombstone(found.body)) {
    // What the person deleted stays so: all of it was known.
    const fate = { isNewSession: false, isRebuilt: false, changed: false }
    return { kept: keptOf(draft, new Uint8Array(draft.table.rows), fate) }
  }
  const old = found as Stored<StoredSession> | undefined
  if (!old) {
    const kept = keptOf(draft, undefined, { isNewSession: true, isRebuilt: false, changed: true })
    return { kept, change: changeOf(userId, draft, path, 1) }
  }
  const older = await samplesOf(deps, old.body)
  const { table, added, replaced } = older ? mergeTables(older, draft.table) : { table: draft.table, added: undefined, replaced: 0 }
  const changed = !older || replaced > 0 || added?.includes(1) === true
  const kept = keptOf(draft, added, { isNewSession: false, isRebuilt: !older, changed })
  return { kept, ...(changed && { change: { ...changeOf(userId, { ...draft, table }, path, old.body.revision + 1), old } }) }
}

/** Before it is kept it is brought back; who only asks what would be kept reads it where it is. */
async function archivedAt(deps: PlanDeps, userId: string, path: string, localDate: string): Promise<Stored<KeptSession> | undefined> {
  const before = (await findState(deps, userId))?.body.archivedBefore.rawData ?? ''
  if (localDate > before) return undefined
  return (await archivedSessions(deps, userId, localDate, localDate)).find((session) => session.path === path)
}

function keptOf(
  { localDate, source, table }: SessionDraft,
  added: Uint8Array | undefined,
  fate: Pick<Kept, 'isNewSession' | 'isRebuilt' | 'changed'>,
): Kept {
  return { localDate, sourceId: source.id, counts: countRows(table, added), ...fate }
}

/** Undefined where the object is lost: then what comes in now is all there is, and the report says so. */
async function samplesOf(
  { blobs }: PlanDeps,
  { samples, summaryRecords = [], localDate }: StoredSession,
): Promise<SampleTable | undefined> {
  if (!samples) return summaryTable(localDate, summaryRecords)
  if (samples.key !== undefined && !(await blobs.head(samples.key))) return undefined
  return readSamples(await movableFile(blobs, samples))
}

/** A day's rings stand in the document; everything else is a file. */
function changeOf(userId: string, draft: SessionDraft, path: string, revision: number): Change {
  const body = sessionDocument(userId, draft, revision)
  const summaryRecords = summaryTexts(draft.table)
  return summaryRecords ? { path, body: { ...body, summaryRecords } } : { path, body, table: draft.table }
}
