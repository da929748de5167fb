import { fingerprint } from '../analysis/fingerprint.ts'
import type { StoredJob } from '../model/job.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { findUser } from './manage-user.ts'
import { queueJob } from './queue-job.ts'

/** Queues the erasure of a person, or gives the one that was asked for before. Throws `Problem('not_found')`. */
export async function askForErasure(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  userId: string,
): Promise<Pick<StoredJob, 'jobId' | 'type' | 'status'>> {
  if ((await findUser({ documents }, userId)) === undefined) throw nothingThere()
  const jobId = `erase_${fingerprint([userId])}`
  try {
    await documents.batch([queueJob({ jobId, userId, type: 'erase', priority: 'high', input: {}, nowMs: clock.nowMs() })])
    return { jobId, type: 'erase', status: 'pending' }
  } catch (error) {
    const asked = await documents.get<StoredJob>(`jobs/${jobId}`)
    if (!(error instanceof Problem && error.code === 'conflict') || asked === undefined) throw error
    return { jobId, type: 'erase', status: asked.body.status }
  }
}
