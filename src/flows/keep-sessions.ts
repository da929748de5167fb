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
  const plans: Plan[] = []
  for (const draft of drafts) plans.push(await plan(deps, owner, draft))
  const writes = plans.flatMap(({ write }) => (write ? [write] : []))
  const objects = writes.flatMap(({ key, bytes }) => (bytes ? [{ key, bytes }] : []))
  const stored = new Map((objects.length > 0 ? await deps.blobs.putAll(objects) : []).map((blob) => [blob.key, blob]))
  const kept = plans.map((entry) => entry.kept)
  const batch = [...writes.map((write) => putOf(write, stored.get(write.key))), ...also(kept.filter(({ changed }) => changed))]
  if (batch.length > 0) await deps.documents.batch(batch)
  for (const { old, key } of writes) if (old?.samples && old.samples.key !== key) await deps.blobs.delete(old.samples.key)
  return kept
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
    const added = new Uint8Array(draft.table.rows).fill(1)
    return { kept: { draft, added, isNewSession: true, changed: true }, write: sessionWrite(userId, draft, path, 1) }
  }
  const { table, added, replaced } = mergeTables(await samplesOf(deps, existing.body), draft.table)
  const changed = replaced > 0 || added.includes(1)
  const kept: Kept = { draft, added, isNewSession: false, changed }
  if (!changed) return { kept }
  const write = sessionWrite(userId, { ...draft, table }, path, existing.body.revision + 1)
  return { kept, write: { ...write, old: existing.body, version: existing.version } }
}

async function samplesOf({ blobs }: KeepDeps, { samples, summaryRecords = [], localDate }: StoredSession): Promise<SampleTable> {
  return samples ? readSamples(copied(await blobs.get(samples.key))) : summaryTable(localDate, summaryRecords)
}

/** A day's rings stand in the document; everything else is an object of its own. */
function sessionWrite(userId: string, draft: SessionDraft, path: string, revision: number): SessionWrite {
  const body = sessionDocument(userId, draft, revision)
  const key = sampleKey(userId, draft, revision)
  const summaryRecords = summaryTexts(draft.table)
  if (summaryRecords) return { path, body: { ...body, summaryRecords }, key, rows: draft.table.rows }
  return { path, body, bytes: writeSamples(draft.table), key, rows: draft.table.rows }
}

/** One folder a person and month, one object a session and revision. */
function sampleKey(userId: string, { localDate, source }: SessionDraft, revision: number): string {
  return `samples/${userId}/${localDate.slice(0, 7)}/${sessionId(localDate, source.id)}-${revision}.parquet`
}

export function copied(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return copy
}
