import { type JobType, type Priority, priorityRank, type StoredJob } from '../model/job.ts'
import { formatInstant } from '../model/time.ts'
import type { Write } from '../ports/documents.ts'

export interface JobRequest {
  readonly jobId: string
  /** Absent for work that concerns no one person. */
  readonly userId?: string
  readonly type: JobType
  readonly priority?: Priority
  readonly input: StoredJob['input']
  readonly nowMs: number
  /** Not to be claimed before. */
  readonly notBefore?: string
}

/** A job that waits for a worker. */
export function newJob({ priority = 'normal', nowMs, ...rest }: JobRequest): StoredJob {
  return { ...rest, priority: priorityRank(priority), createdAt: formatInstant(nowMs), errors: [], status: 'pending' }
}

/** For the batch that wants it done. The same id queued twice is one job: the batch is then refused with `conflict`. */
export function queueJob(request: JobRequest): Write {
  return { op: 'put', path: `jobs/${request.jobId}`, body: newJob(request), ifAbsent: true }
}
