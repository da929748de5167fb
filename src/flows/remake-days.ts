import type { StoredJob } from '../model/job.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { dayStampsBetween } from './days-between.ts'
import { previousDate } from './dirty-days.ts'
import { type JobRequest, queueJob } from './queue-job.ts'
import { queueOnce } from './queue-once.ts'

export interface RemakeDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Of one job. */
const MOST_DATES = 4000

/** The work of making every day of a person again, for the batch that changes what days are made from. `workId` names it. */
export async function remakeDays(deps: RemakeDeps, userId: string, workId: string): Promise<Write[]> {
  const dates = (await dayStampsBetween(deps, userId, '0001-01-01', previousDate('9999-12-31'))).map(({ body }) => body.date)
  const jobs: Write[] = []
  for (let from = 0; from < dates.length; from += MOST_DATES)
    jobs.push(queueJob(remake(deps, userId, `${workId}_${from / MOST_DATES}`, dates.slice(from, from + MOST_DATES))))
  return jobs
}

/** Queues the making of one day and its insight, once for each `workId`. */
export function askForRemake(deps: RemakeDeps, userId: string, workId: string, date: string): Promise<StoredJob> {
  return queueOnce(deps.documents, remake(deps, userId, workId, [date]))
}

function remake({ clock }: Pick<RemakeDeps, 'clock'>, userId: string, workId: string, dates: string[]): JobRequest {
  return { jobId: `remake_${workId}`, userId, type: 'health_analysis', input: { analysisType: 'days', dates }, nowMs: clock.nowMs() }
}
