import { nothingThere } from '../model/nothing-there.ts'
import type { SessionRevision } from '../model/revision.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { type ArchiveDeps, findArchived, findArchivedSession } from './archived-documents.ts'
import { all } from './every.ts'
import { type FileDeps, type Filed, filedBytes } from './session-files.ts'
import { movableFile } from './session-samples.ts'

/** What the parts of a session said until now, for the batch that replaces them, and the objects that it names anew. */
export interface Kept {
  readonly writes: readonly Write[]
  readonly filed: readonly Filed[]
}

/** Samples stay where they lie; those in an object of many sessions move, so that a revision shares none. */
export async function keepRevisions(
  deps: FileDeps,
  userId: string,
  sessionId: string,
  parts: readonly Stored<StoredSession>[],
  replacedAt: string,
): Promise<Kept> {
  const kept = await Promise.all(parts.map(async ({ path, body }) => ({ path, ...(await withOwnSamples(deps, body)) })))
  return {
    writes: kept.map(({ path, session }): Write => {
      const body: SessionRevision = { userId, sessionId, replacedAt, session }
      return { op: 'put', path: `${path}/revisions/${session.revision}`, body }
    }),
    filed: kept.flatMap(({ filed }) => filed ?? []),
  }
}

async function withOwnSamples(
  deps: FileDeps,
  session: StoredSession,
): Promise<{ readonly session: StoredSession; readonly filed?: Filed }> {
  const { samples, ...rest } = session
  if (samples?.offset === undefined) return { session }
  // Of an object that is lost nothing can be kept.
  if (!(await deps.blobs.head(samples.key))) return { session: rest }
  const filed = filedBytes(deps, await movableFile(deps.blobs, samples), { ...session, rows: samples.rows })
  return { session: { ...rest, ...(filed.pointer && { samples: filed.pointer }) }, filed }
}

/** A session as it was before it was replaced, or as it is. Throws `Problem('not_found')`. */
export async function findRevision(deps: ArchiveDeps, userId: string, sessionId: string, revision: number): Promise<StoredSession> {
  const path = `users/${userId}/healthSessions/${sessionId}`
  const [hot, hotBefore] = await Promise.all([
    deps.documents.get<KeptSession>(path),
    deps.documents.get<SessionRevision>(`${path}/revisions/${revision}`),
  ])
  const now = hot ?? (await findArchivedSession(deps, userId, sessionId))
  const before = hotBefore ?? (hot ? undefined : await archivedRevision(deps, userId, now, `${path}/revisions/${revision}`))
  if (now && !isTombstone(now.body) && now.body.revision === revision) return now.body
  if (!before) throw nothingThere()
  return before.body.session
}

async function archivedRevision(
  deps: ArchiveDeps,
  userId: string,
  now: Stored<KeptSession> | undefined,
  path: string,
): Promise<Stored<SessionRevision> | undefined> {
  if (!now || isTombstone(now.body)) return undefined
  return findArchived<SessionRevision>(deps, userId, 'rawData', path, now.body.sessionInfo.startTime)
}

/** All that a session, or one part of it, said before; for whoever deletes it. */
export async function revisionsOf(
  { documents }: { readonly documents: Documents },
  userId: string,
  { path, body }: Stored<StoredSession>,
): Promise<Stored<SessionRevision>[]> {
  const equals = [userId, body.splitFrom ?? body.sessionInfo.sessionId]
  const found = await all<SessionRevision>(documents, { collection: 'sessionRevisions', index: 'replaced', equals })
  return body.splitFrom === undefined ? found : found.filter((each) => each.path.startsWith(`${path}/revisions/`))
}
