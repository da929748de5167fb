import type { Documents } from '../../ports/documents.ts'

const statuses = ['pending', 'processing', 'failed'] as const
/** More than so many of one status are told as so many. */
const MOST = 10_000

/** How many jobs wait, run, or failed. */
export async function countJobs(documents: Documents): Promise<Record<string, number>> {
  const counts: [string, number][] = []
  for (const status of statuses) {
    const { data } = await documents.list({ collection: 'jobs', index: 'queue', equals: [status], limit: MOST })
    counts.push([status, data.length])
  }
  return Object.fromEntries(counts)
}
