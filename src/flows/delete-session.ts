import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { isTombstone, type KeptSession, type SessionTombstone } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Write } from '../ports/documents.ts'
import { bringBackSession } from './bring-back.ts'
import { dirtyDays } from './dirty-days.ts'
import { leaveObjects } from './outgrown-objects.ts'
import { writeNaming } from './session-files.ts'
import { revisionsOf } from './session-revisions.ts'
import { partsOfStored, type WriteDeps } from './write-session.ts'

const ATTEMPTS = 5
/** Of earlier revisions in the batch with the rest; a batch holds 500 writes, and there are seldom more than a few. */
const MOST_REVISIONS = 100

/**
 * A session goes, with its parts, samples and earlier revisions; what is left says that it was, so that a late upload does not bring it back.
 * Deleted again, nothing happens. Throws `Problem`: `not_found`, and `precondition_failed` where `ifVersion` is not what stands.
 */
export async function deleteSession(deps: WriteDeps, userId: string, sessionId: string, ifVersion?: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await deleteOnce(deps, userId, sessionId, ifVersion)
      return
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

async function deleteOnce(deps: WriteDeps, userId: string, sessionId: string, ifVersion: number | undefined): Promise<void> {
  const found = await deps.documents.get<KeptSession>(`users/${userId}/healthSessions/${sessionId}`)
  if (!found && (await bringBackSession(deps, userId, sessionId))) return deleteOnce(deps, userId, sessionId, undefined)
  if (!found) throw nothingThere()
  if (isTombstone(found.body)) return
  if (ifVersion !== undefined && ifVersion !== found.version) throw new Problem('precondition_failed', 'The session was changed since.')
  const parts = await partsOfStored(deps, userId, { ...found, body: found.body })
  const deletedAt = formatInstant(deps.clock.nowMs())
  const { keys, writes, finish } = await leaveObjects(deps, userId, parts)
  const earlier = await revisionsOf(deps, userId, { ...found, body: found.body })
  const deletes = earlier.map(({ path }): Write => ({ op: 'delete', path }))
  const tombstones = parts.map(({ path, version, body }): Write => {
    const tombstone: SessionTombstone = { userId, sourceId: body.source.id, deletedAt, revision: body.revision }
    return { op: 'put', path, body: tombstone, ifVersion: version }
  })
  const dates = parts.map(({ body }) => body.localDate)
  const last = deletes.splice(0, MOST_REVISIONS)
  while (deletes.length > 0) await deps.documents.batch(deletes.splice(0, MOST_REVISIONS))
  await writeNaming(deps, keys, [...tombstones, ...last, ...writes, ...dirtyDays(deps, userId, dates)])
  await finish()
  for (const { body } of earlier) if (body.session.samples?.key !== undefined) await deps.blobs.delete(body.session.samples.key)
}
