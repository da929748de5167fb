import { mergeTables } from '../columns/merge.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import { writeSamples } from '../columns/parquet-writer.ts'
import type { SessionDraft } from '../importers/importer.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { type SessionBody, sessionDocument, sessionId } from './session-document.ts'

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

interface Plan {
  readonly kept: Kept
  readonly write?: {
    readonly path: string
    readonly body: SessionBody
    readonly bytes: Uint8Array
    readonly key: string
    readonly rows: number
    readonly old?: StoredSession
    readonly version?: number
  }
}

/**
 * Keeps sessions: first their samples as objects, durable; then one atomic batch of documents, with `also` beside them. When the promise
 * resolves nothing of it can be lost, and a crash before leaves at most objects that no document names.
 */
export async function keepSessions(
  deps: KeepDeps,
  userId: string,
  drafts: readonly SessionDraft[],
  also: (changed: readonly Kept[]) => readonly Write[],
): Promise<Kept[]> {
  const plans: Plan[] = []
  for (const draft of drafts) plans.push(await plan(deps, userId, draft))
  const writes = plans.flatMap(({ write }) => (write ? [write] : []))
  const stored = writes.length > 0 ? await deps.blobs.putAll(writes.map(({ key, bytes }) => ({ key, bytes }))) : []
  const kept = plans.map((entry) => entry.kept)
  const batch: Write[] = writes.map((write, index) => {
    const blob = stored[index]
    if (blob === undefined) throw new Error(`no answer for ${write.key}`)
    const body = { ...write.body, samples: { key: blob.key, length: blob.length, sha256: blob.sha256, rows: write.rows } }
    return {
      op: 'put',
      path: write.path,
      body,
      ...(write.version === undefined ? { ifAbsent: true as const } : { ifVersion: write.version }),
    }
  })
  batch.push(...also(kept.filter(({ changed }) => changed)))
  if (batch.length > 0) await deps.documents.batch(batch)
  for (const { old, key } of writes) if (old?.samples && old.samples.key !== key) await deps.blobs.delete(old.samples.key)
  return kept
}

async function plan(deps: KeepDeps, userId: string, draft: SessionDraft): Promise<Plan> {
  const path = `users/${userId}/healthSessions/${sessionId(draft.localDate, draft.source.id)}`
  const existing = await deps.documents.get<StoredSession>(path)
  if (!existing) {
    const bytes = writeSamples(draft.table)
    const write = { path, body: sessionDocument(userId, draft, 1), bytes, key: sampleKey(userId, draft, 1), rows: draft.table.rows }
    return { kept: { draft, added: new Uint8Array(draft.table.rows).fill(1), isNewSession: true, changed: true }, write }
  }
  const older = existing.body.samples ? await readSamples(copied(await deps.blobs.get(existing.body.samples.key))) : undefined
  const { table, added, replaced } = older
    ? mergeTables(older, draft.table)
    : { table: draft.table, added: new Uint8Array(draft.table.rows).fill(1), replaced: 0 }
  const changed = replaced > 0 || added.includes(1)
  const kept: Kept = { draft, added, isNewSession: false, changed }
  if (!changed) return { kept }
  const revision = existing.body.revision + 1
  const body = sessionDocument(userId, { ...draft, table }, revision)
  return {
    kept,
    write: {
      path,
      body,
      bytes: writeSamples(table),
      key: sampleKey(userId, draft, revision),
      rows: table.rows,
      old: existing.body,
      version: existing.version,
    },
  }
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
