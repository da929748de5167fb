import type { LegalHold } from '../model/archive.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { holdPath, statePath } from './lifecycle-paths.ts'
import { findState } from './lifecycle-state.ts'
import { findUser } from './manage-user.ts'

interface Deps {
  readonly documents: Documents
  readonly clock: Clock
}

export function findHold({ documents }: Pick<Deps, 'documents'>, userId: string): Promise<Stored<LegalHold> | undefined> {
  return documents.get<LegalHold>(holdPath(userId))
}

/** From now on nothing of the person is archived away or destroyed; a step that is under way is refused. Placed again it has the new reason. Throws `Problem('not_found')`. */
export async function placeHold(
  deps: Deps,
  userId: string,
  { reason, placedBy }: Pick<LegalHold, 'reason' | 'placedBy'>,
): Promise<LegalHold> {
  if ((await findUser(deps, userId)) === undefined) throw nothingThere()
  for (;;) {
    const found = await findHold(deps, userId)
    const placedAt = found?.body.placedAt ?? formatInstant(deps.clock.nowMs())
    const body: LegalHold = { userId, reason, placedAt, ...(placedBy !== undefined && { placedBy }) }
    const put: Write = { op: 'put', path: holdPath(userId), body, ...(found ? { ifVersion: found.version } : { ifAbsent: true }) }
    if (await isWritten(deps, [put, ...(await interruption(deps, userId))])) return body
  }
}

/** Throws `Problem('not_found')` where none stands. */
export async function releaseHold({ documents }: Pick<Deps, 'documents'>, userId: string): Promise<void> {
  if ((await findHold({ documents }, userId)) === undefined) throw nothingThere()
  await documents.batch([{ op: 'delete', path: holdPath(userId) }])
}

/** Throws `Problem('held')` for a person of whom nothing may be destroyed. */
export async function refuseHeld(deps: Pick<Deps, 'documents'>, userId: string): Promise<void> {
  if (await findHold(deps, userId)) throw new Problem('held', 'Nothing of this person may be destroyed.')
}

/** The version of the person's state goes on, so that a run which knows the one before writes nothing more. */
async function interruption(deps: Deps, userId: string): Promise<Write[]> {
  const state = await findState(deps, userId)
  return state ? [{ op: 'put', path: statePath(userId), body: state.body, ifVersion: state.version }] : []
}

async function isWritten({ documents }: Deps, writes: readonly Write[]): Promise<boolean> {
  try {
    await documents.batch(writes)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return false
    throw error
  }
}
