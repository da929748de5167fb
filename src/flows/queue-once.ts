import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import type { Documents } from '../ports/documents.ts'
import { type JobRequest, newJob, queueJob } from './queue-job.ts'

/** Queues a job, or gives the one of the same id that was queued before. */
export async function queueOnce(documents: Documents, request: JobRequest): Promise<StoredJob> {
  try {
    await documents.batch([queueJob(request)])
    return newJob(request)
  } catch (error) {
    const queued = await documents.get<StoredJob>(`jobs/${request.jobId}`)
    if (!(error instanceof Problem && error.code === 'conflict') || queued === undefined) throw error
    return queued.body
  }
}
