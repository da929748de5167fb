import { inOrder } from '../model/in-order.ts'
import { Job, priorityWord, type StoredJob } from '../model/job.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { failedImport, importOf, resumedImport } from './end-imports.ts'

export interface JobDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** As it is spoken: who holds it is nobody's business. */
export function spokenJob({ priority, ...job }: StoredJob): Job {
  return inOrder(Job, { ...job, priority: priorityWord(priority) } as Job)
}

/** Throws `Problem('not_found')`, also for a job that `maySee` does not let through. */
export async function requireJob(
  { documents }: Pick<JobDeps, 'documents'>,
  jobId: string,
  maySee: MaySee = everyone,
): Promise<Stored<StoredJob>> {
  const found = await documents.get<StoredJob>(`jobs/${jobId}`)
  if (found === undefined || !maySee(found.body)) throw nothingThere()
  return found
}

export type MaySee = (job: StoredJob) => boolean
const everyone: MaySee = () => true

/** Who works on it finds out at the next heartbeat, and writes nothing from now on. Throws `Problem('job_finished')`. */
export function cancelJob(deps: JobDeps, jobId: string, maySee?: MaySee): Promise<Stored<StoredJob>> {
  const cancelled = (job: StoredJob): StoredJob => {
    if (job.status !== 'pending' && job.status !== 'processing') throw finished(job)
    const { notBefore: _, estimatedCompletion: __, ...rest } = withoutLease(job)
    return { ...rest, status: 'cancelled', completedAt: formatInstant(deps.clock.nowMs()) }
  }
  return changeJob(deps, jobId, maySee, cancelled, async (job) => {
    const found = await importOf(deps, job)
    return found ? failedImport(deps, found.body, { code: 'cancelled', detail: 'Its job was cancelled.' }) : []
  })
}

/** A failed job begins again; one that waits for its next attempt need not wait. Throws `Problem('job_finished')`. */
export function retryJob(deps: JobDeps, jobId: string, maySee?: MaySee): Promise<Stored<StoredJob>> {
  const again = (job: StoredJob): StoredJob => {
    if (job.status === 'processing') throw new Problem('conflict', 'The job is under way.')
    if (job.status !== 'failed' && job.status !== 'pending') throw finished(job)
    const { startedAt: _, completedAt: __, notBefore: ___, progress: ____, ...rest } = { startedAt: '', completedAt: '', ...job }
    return { ...rest, status: 'pending', attempts: 0 }
  }
  return changeJob(deps, jobId, maySee, again, async (job) => {
    const found = await importOf(deps, job)
    return found ? [resumedImport(found.body)] : []
  })
}

function finished({ status }: StoredJob): Problem {
  return new Problem('job_finished', `The job is ${status}.`)
}

function withoutLease(job: StoredJob): Exclude<StoredJob, { lease: unknown }> {
  const { lease: _, ...rest } = { lease: undefined, ...job }
  return rest as StoredJob
}

const ATTEMPTS = 10

/** A worker writes the job too, at each heartbeat: then the change is made of what it is by then. */
async function changeJob(
  deps: JobDeps,
  jobId: string,
  maySee: MaySee | undefined,
  change: (job: StoredJob) => StoredJob,
  besides: (job: StoredJob) => Promise<readonly Write[]>,
): Promise<Stored<StoredJob>> {
  for (let attempt = 1; ; attempt++) {
    const { path, version, body } = await requireJob(deps, jobId, maySee)
    const changed = change(body)
    try {
      await deps.documents.batch([{ op: 'put', path, body: changed, ifVersion: version }, ...(await besides(body))])
      return { path, version: version + 1, body: changed }
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}
