import type { StoredJob } from '../model/job.ts'
import { Priority, priorityRank } from '../model/job.ts'
import type { RetentionPolicies } from '../model/retention.ts'
import { yearsAsWish } from '../model/retention.ts'
import { beginOf } from '../model/retention-age.ts'
import { endedStatuses } from '../model/retention-kind.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { deletesOf } from './archive-rows.ts'
import { all, every } from './every.ts'

/** Jobs that concern no one person, with what they wrote down: they stay hot, and go at the total age of system logs. Says how many jobs. */
export async function expireHouseLogs(deps: { readonly documents: Documents }, policies: RetentionPolicies, now: string): Promise<number> {
  const to = beginOf(yearsAsWish(policies.system_logs.archivalYears ?? 0), now)
  let gone = 0
  for (const status of endedStatuses)
    for (const priority of Priority.options) {
      const query = { collection: 'jobs', index: 'queue', equals: [status, priorityRank(priority)], ...(to !== undefined && { to }) }
      for await (const job of every<StoredJob>(deps.documents, query)) if (job.body.userId === undefined) gone += await expire(deps, job)
    }
  return gone
}

async function expire({ documents }: { readonly documents: Documents }, { path, version }: Stored): Promise<number> {
  const logs = await all(documents, { collection: 'jobLogs', parent: path, index: 'at' })
  const writes: Write[] = [{ op: 'delete', path, ifVersion: version, quiet: true }, ...deletesOf(logs)]
  await documents.batch(writes)
  return 1
}
