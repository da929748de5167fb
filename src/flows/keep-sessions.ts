import { mergeTables } from '../columns/merge.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import { writeSamples } from '../columns/parquet-writer.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs, StoredBlob } from '../ports/blobs.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { type SessionBody, sessionDocument, sessionId } from './session-document.ts'
import { summaryTable, summaryTexts } from './summary-sessions.ts'

export interface KeepDeps {
  readonly documents: Documents
  readonly blobs: Blobs
}

/** What became of a draft's samples: row by row 1 where it was new. `undefined` rows: none was new. */
export interface Kept {
  readonly draft: SessionDraft
  /** Per row of the draft: 1 new, 0 known before. */
  readonly added: Uint8Array
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

interface SessionWrite {
  readonly path: string
  readonly body: SessionBody
  /** Absent where the document says everything. */
  readonly bytes?: Uint8Array
  readonly key: string
  readonly rows: number
  readonly old?: StoredSession
  readonly version?: number
}

interface Plan {
  readonly kept: Kept
  readonly write?: SessionWrite
}

/**
 * Keeps sessions: first their samples as objects, durable; then one atomic batch of documents, with `also` beside them. When the promise
 * resolves nothing of it can be lost, and a crash before leaves at most objects that no document names.
 */
export async function keepSessions(
  deps: KeepDeps,
  owner: Owner,
  drafts: readonly SessionDraft[],
  also: (changed: readonly Kept[]) => readonly Write[],
): Promise<Kept[]> {
  const plans = await planAll(deps, owner, drafts)
  const writes = plans.flatMap(({ write }) => (write ? [write] : []))
  const objects = writes.flatMap(({ key, bytes }) => (bytes ? [{ key, bytes }] : []))
  const stored = new Map((objects.length > 0 ? await deps.blobs.putAll(objects) : []).map((blob) => [blob.key, blob]))
  const kept = plans.map((entry) => entry.kept)
  const batch = [...writes.map((write) => putOf(write, stored.get(write.key))), ...also(kept.filter(({ changed }) => changed))]
  if (batch.length > 0) await deps.documents.batch(batch)
  for (const { old, key } of writes) if (old?.samples && old.samples.key !== key) await deps.blobs.delete(old.samples.key)
  return kept
}

/** What `keepSessions` would do; writes nothing. */
export async function wouldKeep(deps: KeepDeps, owner: Owner, drafts: readonly SessionDraft[]): Promise<Kept[]> {
  return (await planAll(deps, owner, drafts)).map(({ kept }) => kept)
}

async function planAll(deps: KeepDeps, owner: Owner, drafts: readonly SessionDraft[]): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const draft of drafts) plans.push(await plan(deps, owner, draft))
  return plans
}

function putOf({ path, body, rows, version }: SessionWrite, blob: StoredBlob | undefined): Write {
  const samples = blob && { key: blob.key, length: blob.length, sha256: blob.sha256, rows }
  return {
    op: 'put',
    path,
    body: { ...body, ...(samples && { samples }) },
    ...(version === undefined ? { ifAbsent: true as const } : { ifVersion: version }),
  }
}

async function plan(deps: KeepDeps, { userId, isNewPerson = false }: Owner, draft: SessionDraft): Promise<Plan> {
  const path = `users/${userId}/healthSessions/${sessionId(draft.localDate, draft.source.id)}`
  const existing = isNewPerson ? undefined : await deps.documents.get<StoredSession>(path)
  if (!existing) {
    return {
      kept: { draft, added: allOf(draft.table), isNewSession: true, isRebuilt: false, changed: true },
      write: sessionWrite(userId, draft, path, 1),
    }
  }
  const older = await samplesOf(deps, existing.body)
  const { table, added, replaced } = older
    ? mergeTables(older, draft.table)
    : { table: draft.table, added: allOf(draft.table), replaced: 0 }
  const changed = !older || replaced > 0 || added.includes(1)
  const kept: Kept = { draft, added, changed, isNewSession: false, isRebuilt: !older }
  if (!changed) return { kept }
  const write = sessionWrite(userId, { ...draft, table }, path, existing.body.revision + 1)
  return { kept, write: { ...write, old: existing.body, version: existing.version } }
}

function allOf({ rows }: SampleTable): Uint8Array {
  return new Uint8Array(rows).fill(1)
}

/** Undefined where the object is lost: then what comes in now is all there is, and the report says so. */
async function samplesOf(
  { blobs }: KeepDeps,
  { samples, summaryRecords = [], localDate }: StoredSession,
): Promise<SampleTable | undefined> {
  if (!samples) return summaryTable(localDate, summaryRecords)
  if (!(await blobs.head(samples.key))) return undefined
  return readSamples(copied(await blobs.get(samples.key)))
}

/** A day's rings stand in the document; everything else is an object of its own. */
function sessionWrite(userId: string, draft: SessionDraft, path: string, revision: number): SessionWrite {
  const body = sessionDocument(userId, draft, revision)
  const { rows } = draft.table
  const summaryRecords = summaryTexts(draft.table)
  if (summaryRecords) return { path, body: { ...body, summaryRecords }, key: '', rows }
  const bytes = writeSamples(draft.table)
  return { path, body, bytes, key: sampleKey(userId, draft, revision, bytes), rows }
}

/**
 * One folder a person and month, one object a session and revision. The content is part of the name: of two imports at once that make the
 * same revision one fails at its batch, and must not have written over what the other's document names.
 */
function sampleKey(userId: string, { localDate, source }: SessionDraft, revision: number, bytes: Uint8Array): string {
  return `samples/${userId}/${localDate.slice(0, 7)}/${sessionId(localDate, source.id)}-${revision}-${check(bytes)}.parquet`
}

/** Eight hex digits that differ when the bytes do, nearly always. */
function check(bytes: Uint8Array): string {
  let hash = bytes.length
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

export function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return copy
}
