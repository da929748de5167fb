import { canonicalJson } from '../model/in-order.ts'
import type { Job, StoredJob } from '../model/job.ts'
import type { Cache } from '../ports/cache.ts'
import type { Documents } from '../ports/documents.ts'
import type { Timer } from '../ports/timer.ts'
import { jobChannel } from './events.ts'
import { type Listening, newBell, openUntil, rest } from './listening.ts'
import { spokenJob } from './manage-jobs.ts'

export interface FollowJobDeps {
  readonly documents: Documents
  readonly cache: Cache
  readonly timer: Timer
}

export interface FollowJobOptions extends Listening {
  readonly jobId: string
  /** The version of the job that was had last; absent: none. */
  readonly after?: number
}

export interface FollowedJob {
  readonly version: number
  readonly job: Job
}

/**
 * A job as it stands, and again whenever it says something else, until it is over. What changes between two looks is seen once: the last state
 * is always told. The cache only says when to look. Ends with the signal, and where the job is gone.
 */
export async function* followJob(deps: FollowJobDeps, options: FollowJobOptions): AsyncGenerator<FollowedJob> {
  const { jobId, signal } = options
  const isOpen = openUntil(deps.timer, options)
  const bell = newBell(deps.timer, signal)
  const subscription = await deps.cache.subscribe(jobChannel(jobId), { onMessage: bell.ring, onGap: bell.ring })
  let had = { version: options.after, text: '' }
  try {
    while (await isOpen()) {
      const found = await deps.documents.get<StoredJob>(`jobs/${jobId}`)
      if (found === undefined) return
      const { version } = found
      const job = spokenJob(found.body)
      const text = canonicalJson(job)
      // A heartbeat makes a version that says nothing new.
      if (version !== had.version && text !== had.text) yield { version, job }
      had = { version, text }
      if (isOver(job)) return
      await rest(deps.timer, bell, isOpen)
    }
  } finally {
    await subscription.close()
  }
}

function isOver({ status }: Job): boolean {
  return status !== 'pending' && status !== 'processing'
}
