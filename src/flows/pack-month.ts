import type { StoredSession } from '../model/session.ts'
import type { Stored } from '../ports/documents.ts'
import { packed, sessionsOfMonth } from './outgrown-objects.ts'
import type { FileDeps } from './session-files.ts'

/** Of samples in one object, and of sessions: a batch of documents holds 500. */
const MOST_BYTES = 16 << 20
const MOST_SESSIONS = 400

/**
 * Samples that stand in the documents of a month's sessions move into objects of many sessions. Safe to be killed and called again; a session
 * that changes meanwhile throws `Problem('conflict')`, and what was packed before it stays so. Gives how many sessions moved.
 */
export async function packMonth(deps: FileDeps, userId: string, month: string): Promise<number> {
  const inline = (await sessionsOfMonth(deps, userId, month)).filter(({ body }) => body.samples?.inline !== undefined)
  let moved = 0
  for (const group of groupsOf(inline)) {
    const writes = await packed(deps, userId, month, group)
    await deps.documents.batch(writes)
    moved += writes.length
  }
  return moved
}

function* groupsOf(sessions: readonly Stored<StoredSession>[]): Generator<Stored<StoredSession>[]> {
  let group: Stored<StoredSession>[] = []
  let bytes = 0
  for (const session of sessions) {
    const { length = 0 } = session.body.samples ?? {}
    if (group.length > 0 && (group.length === MOST_SESSIONS || bytes + length > MOST_BYTES)) {
      yield group
      group = []
      bytes = 0
    }
    group.push(session)
    bytes += length
  }
  if (group.length > 0) yield group
}
