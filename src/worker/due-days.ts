import { daysJob } from '../flows/dirty-days.ts'
import type { DirtyDay } from '../model/dirty-day.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'

const PAGE = 100

/** Days that are over by now: the job that makes each person's last is queued. Any number of workers may do this at once. */
export async function queueDueDays({ documents, clock }: { readonly documents: Documents; readonly clock: Clock }): Promise<void> {
  const now = formatInstant(clock.nowMs())
  const { data } = await documents.list<DirtyDay>({ collection: 'dirtyDays', index: 'due', to: now, limit: PAGE })
  for (const { path, version, body } of data) {
    const { due: _, ...mark } = body
    try {
      await documents.batch([{ op: 'put', path, body: mark, ifVersion: version }, daysJob({ clock }, body.userId)])
    } catch (error) {
      // Another worker did it, or something of the date has come: both have queued the job.
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    }
  }
}
