import type { StoredSession } from '../model/session.ts'
import type { Stored } from '../ports/documents.ts'
import { everyOfMonth, packed } from './outgrown-objects.ts'
import { type FileDeps, writeNaming } from './session-files.ts'

/** Of samples in one object, and of sessions: a batch of documents holds 500. */
const MOST_BYTES = 16 << 20
const MOST_SESSIONS = 400
/** Fewer stay where they are: an object would save nothing. */
const LEAST_SESSIONS = 8

/**
 * Samples that stand in the documents of a month's sessions move into objects of many sessions. Safe to be killed and called again; a session
 * that changes meanwhile throws `Problem('conflict')`, and what was packed before it stays so. Gives how many sessions moved.
 */
export async function packMonth(deps: FileDeps, userId: string, month: string): Promise<number> {
  let moved = 0
  for await (const group of groupsOf(everyOfMonth(deps, userId, month))) {
    if (moved === 0 && group.length < LEAST_SESSIONS) return 0
    const { keys, writes } = await packed(deps, userId, month, group)
    await writeNaming(deps, keys, writes)
    moved += writes.length
  }
  return moved
}

async function* groupsOf(sessions: AsyncIterable<Stored<StoredSession>>): AsyncGenerator<Stored<StoredSession>[]> {
  let group: Stored<StoredSession>[] = []
  let bytes = 0
  for await (const session of sessions) {
    const { samples } = session.body
    if (samples?.inline === undefined) continue
    if (group.length > 0 && (group.length === MOST_SESSIONS || bytes + samples.length > MOST_BYTES)) {
      yield group
      group = []
      bytes = 0
    }
    group.push(session)
    bytes += samples.length
  }
  if (group.length > 0) yield group
}
