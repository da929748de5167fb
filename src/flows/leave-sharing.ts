import type { StoredSession } from '../model/session.ts'
import type { Write } from '../ports/documents.ts'
import { type AgedRow, objectOf, openedRow } from './archived-row.ts'
import { leaveObjects } from './outgrown-objects.ts'
import { type FileDeps, writeNaming } from './session-files.ts'

/** A batch of documents holds 500 writes. */
const MOST_WRITES = 450

/**
 * Sessions that share an object with others are about to leave it: the others move into one of their own first, as their own step. Gives the
 * objects that nobody but the leaving names any more.
 */
export async function leaveSharing(deps: FileDeps, userId: string, rows: readonly AgedRow[]): Promise<string[]> {
  if (rows.length === 0) return []
  const { keys, writes } = await leaveObjects(
    deps,
    userId,
    rows.map((row) => openedRow<StoredSession>(row)),
  )
  const quiet = writes.map((write): Write => ({ ...write, quiet: true }))
  for (let from = 0; from < quiet.length; from += MOST_WRITES)
    await writeNaming(deps, from === 0 ? keys : [], quiet.slice(from, from + MOST_WRITES))
  return [...new Set(rows.flatMap((row) => objectOf(row)?.key ?? []))]
}
