import type { AskedJob } from '../model/asked-job.ts'
import type { StoredJob } from '../model/job.ts'
import type { Stored } from '../ports/documents.ts'
import { refuseFields } from './ask-job.ts'
import { type JobDeps, requireJob } from './manage-jobs.ts'
import { requireUser } from './manage-user.ts'
import { queueOnce } from './queue-once.ts'

/** Queues the sealing of everybody's data, or of one person's, with newer keys; asked again with the same id it is the same job. Throws `Problem`. */
export async function askReseal(deps: JobDeps, jobId: string, { userId, input, priority }: AskedJob): Promise<Stored<StoredJob>> {
  refuseFields(input, () => true)
  if (userId !== undefined) await requireUser(deps, userId)
  const about = { ...(userId !== undefined && { userId }), ...(priority && { priority }) }
  await queueOnce(deps.documents, { jobId, type: 'reseal', input: {}, ...about, nowMs: deps.clock.nowMs() })
  return requireJob(deps, jobId)
}
