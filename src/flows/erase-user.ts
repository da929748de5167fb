import { fingerprint } from '../analysis/fingerprint.ts'
import type { StoredJob } from '../model/job.ts'
import { nothingThere } from '../model/nothing-there.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { findUser } from './manage-user.ts'
import { queueOnce } from './queue-once.ts'

/** Queues the erasure of a person, or gives the one that was asked for before. Throws `Problem('not_found')`. */
export async function askForErasure(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  userId: string,
): Promise<StoredJob> {
  if ((await findUser({ documents }, userId)) === undefined) throw nothingThere()
  const jobId = `erase_${fingerprint([userId])}`
  return queueOnce(documents, { jobId, userId, type: 'erase', priority: 'high', input: {}, nowMs: clock.nowMs() })
}
