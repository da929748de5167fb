import type { StoredJob } from '../model/job.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Timer } from '../ports/timer.ts'
import type { HeldJob } from './lease.ts'
import type { Tasks } from './task.ts'

/** How often a job is begun before it is parked as failed. */
export const MOST_ATTEMPTS = 5

const LOST = 'worker_lost'

export interface ClaimDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly timer: Timer
  readonly tasks: Tasks
  readonly worker: string
  readonly leaseMs: number
}

/** Takes jobs for one worker: those whose worker is gone before those that wait. `busy`: the paths of what it works on, and whose they are. */
export type ClaimJobs = (limit: number, busy: ReadonlySet<string>, which?: 'all' | 'orphans') => Promise<readonly Stored<HeldJob>[]>

/** Jobs that took so many workers with them, by their memory or otherwise, are tried with nothing beside them. */
const LOST_TO_BE_ALONE = 2

/** Whether a job that was taken is to run alone: then what runs beside it is not lost with it, and it has all the memory. */
export function isAlone(job: Pick<StoredJob, 'errors'>): boolean {
  return tookTooMuch(job) || job.errors.filter(({ code }) => code === LOST).length >= LOST_TO_BE_ALONE
}

/** Whether an attempt at it ended because it needed more memory than a job may have: then it may have more, once. */
export function tookTooMuch({ errors }: Pick<StoredJob, 'errors'>): boolean {
  return errors.some(({ code }) => code === 'out_of_memory')
}

/** A job of a person is not taken while this worker has another of theirs: the second would only meet the first. */
export function jobClaimer(deps: ClaimDeps): ClaimJobs {
  const isOver = leaseWatch(deps)

  return async (limit, busy, which = 'all') => {
    const query = { collection: 'jobs', index: 'queue', limit }
    const lane = laneFor(busy.size === 0)
    const take = taker(deps, busy, isOver, lane.mayTake)
    const orphans = await deps.documents.claim<StoredJob>({ ...query, equals: ['processing'] }, take)
    if (orphans.length === limit || lane.isClosed() || which === 'orphans') return orphans as Stored<HeldJob>[]
    const nowBusy = new Set([...busy, ...orphans.flatMap(({ body }) => body.userId ?? [])])
    const now = formatInstant(deps.clock.nowMs())
    const isDue = ({ body }: Stored<StoredJob>) => (body.notBefore ?? now) <= now
    const rest = { ...query, limit: limit - orphans.length, equals: ['pending'] }
    const waiting = await deps.documents.claim<StoredJob>(rest, taker(deps, nowBusy, isDue, lane.mayTake))
    return [...orphans, ...waiting] as Stored<HeldJob>[]
  }
}

/** One that is to run alone is taken by a worker that has nothing, and nothing beside it; one that has something takes no more until it may. */
function laneFor(isIdle: boolean) {
  let others = 0
  let isClosed = false

  function mayTake(job: HeldJob): boolean {
    if (isClosed) return false
    if (!isAlone(job)) {
      others += 1
      return true
    }
    isClosed = true
    return isIdle && others === 0
  }

  return { mayTake, isClosed: () => isClosed }
}

function taker(
  deps: ClaimDeps,
  busy: ReadonlySet<string>,
  mayTake: (found: Stored<StoredJob>) => boolean,
  mayBeside: (job: HeldJob) => boolean,
) {
  const taken = new Map<string, string>()
  const isBusy = ({ path, body: { userId } }: Stored<StoredJob>) =>
    busy.has(path) || (userId !== undefined && (busy.has(userId) || (taken.get(userId) ?? path) !== path))
  return (found: Stored<StoredJob>): StoredJob | undefined => {
    const { userId, type } = found.body
    if (deps.tasks[type] === undefined || !mayTake(found) || isBusy(found)) return undefined
    const job = heldBy(deps, found)
    if (!mayBeside(job)) return undefined
    if (userId !== undefined) taken.set(userId, found.path)
    return job
  }
}

/**
 * Whether a lease is over: by its own time, or because this worker saw the job unchanged for as long as a lease lasts. The second needs no two
 * clocks that agree, nor one that never jumps.
 */
function leaseWatch({ clock, timer, leaseMs }: ClaimDeps): (found: Stored<StoredJob>) => boolean {
  const sights = new Map<string, { readonly version: number; readonly sinceMs: number; lastMs: number }>()
  return ({ path, version, body }) => {
    const elapsedMs = timer.elapsedMs()
    for (const [other, { lastMs }] of sights) if (elapsedMs - lastMs > 2 * leaseMs) sights.delete(other)
    const sight = sights.get(path)
    if (sight?.version !== version) sights.set(path, { version, sinceMs: elapsedMs, lastMs: elapsedMs })
    else sight.lastMs = elapsedMs
    const until = body.status === 'processing' ? body.lease?.until : undefined
    return (
      until === undefined || until <= formatInstant(clock.nowMs()) || (sight?.version === version && elapsedMs - sight.sinceMs >= leaseMs)
    )
  }
}

function heldBy({ clock, worker, leaseMs }: ClaimDeps, { version, body }: Stored<StoredJob>): HeldJob {
  const nowMs = clock.nowMs()
  const { notBefore: _, progress: __, estimatedCompletion: ___, ...job } = body
  const gone = { code: LOST, message: 'The worker that had it went away.', at: formatInstant(nowMs) }
  return {
    ...job,
    status: 'processing',
    startedAt: formatInstant(nowMs),
    attempts: (body.attempts ?? 0) + 1,
    errors: body.status === 'processing' ? [...body.errors, gone].slice(-20) : body.errors,
    lease: { worker, until: formatInstant(nowMs + leaseMs), fence: version + 1 },
  } as HeldJob
}
