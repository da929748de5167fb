import type { JobStatus } from '../model/job.ts'
import type { About, Monitoring, Tally } from '../model/monitoring.ts'
import type { Documents, ListQuery } from '../ports/documents.ts'

export interface MonitorDeps {
  readonly documents: Documents
  readonly about: About
}

/** A store cannot count without reading: what is more than these is said to be more. */
const MOST_COUNTED = 1000

/** How the system is now. Counts only: no id and no value of anybody. */
export async function monitor({ documents, about }: MonitorDeps): Promise<Monitoring> {
  const count = (query: Omit<ListQuery, 'limit'>) => tallyOf(documents, query)
  const jobs = (status: JobStatus) => count({ collection: 'jobs', index: 'queue', equals: [status] })
  const [users, outbox, pending, processing, completed, failed, cancelled] = await Promise.all([
    count({ collection: 'users' }),
    count({ collection: 'outbox', index: 'at' }),
    jobs('pending'),
    jobs('processing'),
    jobs('completed'),
    jobs('failed'),
    jobs('cancelled'),
  ])
  return { ...about, counts: { users, jobs: { pending, processing, completed, failed, cancelled }, outbox } }
}

async function tallyOf(documents: Documents, query: Omit<ListQuery, 'limit'>): Promise<Tally> {
  const { data, nextCursor } = await documents.list({ ...query, limit: MOST_COUNTED })
  return { count: data.length, isAll: nextCursor === undefined }
}
