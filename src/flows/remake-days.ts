import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { daysBetween } from './analyse-days.ts'
import { previousDate } from './dirty-days.ts'
import { queueJob } from './queue-job.ts'

export interface RemakeDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Of one job. */
const MOST_DATES = 4000

/** The work of making every day of a person again, for the batch that changes what days are made from. `workId` names it. */
export async function remakeDays(deps: RemakeDeps, userId: string, workId: string): Promise<Write[]> {
  const dates = (await daysBetween(deps, userId, '0001-01-01', previousDate('9999-12-31'))).map(({ body }) => body.date)
  const jobs: Write[] = []
  for (let from = 0; from < dates.length; from += MOST_DATES)
    jobs.push(remakeDates(deps, userId, `${workId}_${from / MOST_DATES}`, dates.slice(from, from + MOST_DATES)))
  return jobs
}

/** The work of making some days and their insights again. */
export function remakeDates({ clock }: Pick<RemakeDeps, 'clock'>, userId: string, workId: string, dates: readonly string[]): Write {
  const input = { analysisType: 'days', dates: [...dates] }
  return queueJob({ jobId: `remake_${workId}`, userId, type: 'health_analysis', input, nowMs: clock.nowMs() })
}
