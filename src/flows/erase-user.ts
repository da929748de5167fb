import type { Erasure } from '../model/erasure.ts'
import type { StoredJob } from '../model/job.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { refuseHeld } from './legal-holds.ts'
import { holdPath } from './lifecycle-paths.ts'
import { findUser } from './manage-user.ts'
import { newJob, queueJob } from './queue-job.ts'
import type { Tombstones } from './tombstones.ts'

export interface AskErasureDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly tombstones: Tombstones
}

export interface AskedErasure {
  readonly erasureId: string
  readonly job: StoredJob
}

/**
 * A person goes: from this batch on nothing is written of them, and the job that removes all there is waits. It names nobody, since it
 * outlives whom it is about. Asked again it is the same erasure. Throws `Problem`: `not_found`, and `held` while a legal hold stands.
 */
export async function askForErasure({ documents, clock, tombstones }: AskErasureDeps, userId: string): Promise<AskedErasure> {
  const path = await tombstones.pathOf(userId)
  const erasureId = path.slice('erasures/'.length)
  const nowMs = clock.nowMs()
  const request = { jobId: `erase_${erasureId.slice(0, 32)}`, type: 'erase', priority: 'high', input: { erasureId }, nowMs } as const
  const standing = async () => (await documents.get<StoredJob>(`jobs/${request.jobId}`))?.body ?? newJob(request)
  if ((await documents.get(path)) !== undefined) return { erasureId, job: await standing() }
  if ((await findUser({ documents }, userId)) === undefined) throw nothingThere()
  await refuseHeld({ documents }, userId)
  const body: Erasure = { erasureId, status: 'erasing', requestedAt: formatInstant(nowMs), userId, classes: {}, credentials: 0 }
  try {
    // In the batch too: a hold that is placed meanwhile is there before the tombstone, or refused by it.
    const unheld: Write = { op: 'delete', path: holdPath(userId), ifVersion: 0 }
    await documents.batch([{ op: 'put', path, body, ifAbsent: true }, unheld, queueJob(request)])
    tombstones.noteErased()
    return { erasureId, job: newJob(request) }
  } catch (error) {
    await refuseHeld({ documents }, userId)
    // Another asked at once.
    if (!(error instanceof Problem && error.code === 'conflict') || (await documents.get(path)) === undefined) throw error
    return { erasureId, job: await standing() }
  }
}

/** Throws `Problem('not_found')`. */
export async function requireErasure({ documents }: Pick<AskErasureDeps, 'documents'>, erasureId: string): Promise<Erasure> {
  const found = await documents.get<Erasure>(`erasures/${erasureId}`)
  if (found === undefined) throw nothingThere()
  return found.body
}
