import type { JobType } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { type Attempt, type AttemptDeps, beginAttempt } from './attempt.ts'
import { isAlone, jobClaimer } from './claim-jobs.ts'
import type { HeldJob } from './lease.ts'
import type { Attempted } from './settle.ts'
import type { Tasks } from './task.ts'

/** Something that is to be seen to again and again, beside the jobs. */
export interface Chore {
  readonly name: string
  readonly everyMs: number
  run(): Promise<unknown>
}

export interface WorkerDeps extends AttemptDeps {
  readonly documents: Documents
  readonly tasks: Tasks
  readonly chores: readonly Chore[]
  /** Its name in leases, unlike any other's. */
  readonly worker: string
  /** Jobs at once. */
  readonly slots: number
  /** How long one that found nothing waits before it looks again. */
  readonly pollMs: number
  /** How long a stop waits for what is under way. */
  readonly graceMs: number
  readonly onEvent: (event: WorkerEvent) => void
}

/** For logs and metrics: ids and codes, and the error of a bug. */
export type WorkerEvent =
  | { readonly event: 'taken'; readonly jobId: string; readonly type: JobType; readonly attempt: number }
  | ({ readonly event: 'ended'; readonly jobId: string; readonly type: JobType; readonly ms: number } & Attempted)
  | { readonly event: 'unwell'; readonly what: string; readonly error: unknown }

export interface Worker {
  /** Takes nothing more, waits for what is under way, gives back what is not done in time, and resolves. */
  stop(): Promise<void>
}

interface Running {
  readonly attempt: Attempt
  readonly userId: string | undefined
  readonly isAlone: boolean
}

/** Claims jobs, runs their tasks and settles them, until it is stopped. Any number of workers may share a store. */
export function startWorker(deps: WorkerDeps): Worker {
  const claim = jobClaimer(deps)
  const running = new Map<string, Running>()
  let isStopping = false
  let wake: () => void = () => undefined
  const stopped = new Promise<void>((resolve) => {
    wake = resolve
  })

  async function work(): Promise<void> {
    if ([...running.values()].some((each) => each.isAlone)) return
    const busy = new Set([...running].flatMap(([path, { userId }]) => [path, userId ?? path]))
    const free = deps.slots - running.size
    // With its hands full it has one more for what a killed worker had, which has waited already.
    const taken = free > 0 ? await claim(free, busy) : free === 0 ? await claim(1, busy, 'orphans') : []
    for (const job of taken) begin(job)
  }

  function begin(taken: Stored<HeldJob>): void {
    const { path, body } = taken
    const task = deps.tasks[body.type]
    if (task === undefined) throw new Error(`There is no task for a job of type ${body.type}`)
    const { jobId, type, userId } = body
    const startedMs = deps.timer.elapsedMs()
    deps.onEvent({ event: 'taken', jobId, type, attempt: body.attempts ?? 1 })
    const attempt = beginAttempt(deps, task, taken)
    running.set(path, { attempt, userId, isAlone: isAlone(body) })
    attempt.over
      .then((attempted) => deps.onEvent({ event: 'ended', jobId, type, ms: deps.timer.elapsedMs() - startedMs, ...attempted }))
      .catch((error: unknown) => deps.onEvent({ event: 'unwell', what: jobId, error }))
      .finally(() => running.delete(path))
  }

  async function repeat(what: string, run: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (!isStopping) {
      const waitMs = await run().then(
        () => everyMs,
        (error: unknown) => {
          deps.onEvent({ event: 'unwell', what, error })
          return everyMs * (error instanceof Problem ? 4 : 20)
        },
      )
      if (!isStopping) await Promise.race([deps.timer.wait(waitMs), stopped, ...(what === 'claim' ? endOfOne() : [])])
    }
  }

  /** A slot that becomes free is filled at once. */
  function endOfOne(): Promise<unknown>[] {
    return [...running.values()].map(({ attempt }) => attempt.over.catch(() => undefined))
  }

  const loops = [repeat('claim', work, deps.pollMs), ...deps.chores.map(({ name, everyMs, run }) => repeat(name, run, everyMs))]
  return {
    async stop() {
      isStopping = true
      wake()
      await Promise.all(loops)
      await Promise.race([Promise.all(endOfOne()), deps.timer.wait(deps.graceMs)])
      await Promise.all([...running.values()].map(({ attempt }) => attempt.release()))
      await Promise.all(endOfOne())
    },
  }
}
