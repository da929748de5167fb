import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { all } from './every.ts'
import { jobWordOf } from './job-word.ts'
import { newJob } from './queue-job.ts'

/** What comes to the warehouse for a person within so long is one look at their trends. */
const WINDOW_MS = 10_000

/** One job a person and window, not to be claimed before the window is over: until then it may be written again, with the same words. */
export function trendsJob({ clock }: { readonly clock: Clock }, userId: string): Write {
  const window = Math.floor(clock.nowMs() / WINDOW_MS)
  const body = newJob({
    jobId: `trends_${jobWordOf(userId)}_${window}`,
    userId,
    type: 'trends',
    priority: 'low',
    input: {},
    nowMs: window * WINDOW_MS,
    notBefore: formatInstant((window + 1) * WINDOW_MS),
  })
  return { op: 'put', path: `jobs/${body.jobId}`, body }
}

interface JobsDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Those that one look at a person's trends does the work of, if they are read before it. */
export async function waitingTrendsJobs({ documents }: JobsDeps, userId: string): Promise<Stored<StoredJob>[]> {
  const waiting = await all<StoredJob>(documents, { collection: 'jobs', index: 'owner', equals: [userId, 'pending'] })
  return waiting.filter(({ body }) => body.type === 'trends')
}

/** They are done, but for what was taken or queued again meanwhile. */
export async function settleTrendsJobs({ documents, clock }: JobsDeps, jobs: readonly Stored<StoredJob>[]): Promise<void> {
  const now = formatInstant(clock.nowMs())
  for (const { path, version, body } of jobs) {
    const { notBefore: _, ...job } = body
    const done: StoredJob = { ...job, status: 'completed', startedAt: now, completedAt: now, output: {} }
    try {
      await documents.batch([{ op: 'put', path, body: done, ifVersion: version }])
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    }
  }
}
