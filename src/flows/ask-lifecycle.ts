import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import type { LifecycleForecast, LifecycleOrder } from '../model/retention-view.ts'
import { formatInstant, parseInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Page } from '../ports/documents.ts'
import type { ArchiveDeps } from './archived-documents.ts'
import { findConfiguration } from './configuration.ts'
import type { KnownUser } from './manage-user.ts'
import { forecast } from './plan-lifecycle.ts'
import { queueOnce } from './queue-once.ts'

type Deps = ArchiveDeps & { readonly clock: Clock }

/** Queues a run as of now; asked again with the same id it is the same job. Throws `Problem('invalid')` for another time: that is only foreseen. */
export async function askLifecycle({ documents, clock }: Deps, jobId: string, { at, afterGap }: LifecycleOrder): Promise<StoredJob> {
  if (at !== undefined) {
    const message = 'A run is as of now; with dryRun it is said what would be at another time.'
    throw new Problem('invalid', message, { errors: [{ pointer: '/at', code: 'invalid', message }] })
  }
  const input = { analysisType: 'retention', ...(afterGap && { afterGap }) }
  return queueOnce(documents, { jobId, type: 'lifecycle', input, nowMs: clock.nowMs() })
}

/** What a run would do, of a page of people. Throws `Problem('bad_cursor')`. */
export async function forecastPage(deps: Deps, { at, limit, cursor }: LifecycleOrder): Promise<LifecycleForecast> {
  const parsed = parseInstant(at)
  const atMs = parsed.ok ? parsed.epochMs : deps.clock.nowMs()
  const { dataRetentionPolicies } = (await findConfiguration(deps)).configuration
  const { data: people, nextCursor } = await peopleAt(deps, limit, cursor)
  const data = []
  for (const { path, body } of people) data.push(await forecast(deps, dataRetentionPolicies, path.slice('users/'.length), body, atMs))
  return { at: formatInstant(atMs), data, ...(nextCursor !== undefined && { nextCursor }) }
}

async function peopleAt({ documents }: Deps, limit: number, cursor: string | undefined): Promise<Page<KnownUser>> {
  try {
    return await documents.list<KnownUser>({ collection: 'users', limit, ...(cursor !== undefined && { cursor }) })
  } catch (cause) {
    if (cursor !== undefined && cause instanceof Problem && cause.code === 'invalid')
      throw new Problem('bad_cursor', 'This cursor belongs to no page of this list.', { cause })
    throw cause
  }
}
