import { JobProgress } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { MOST_ATTEMPTS } from './claim-jobs.ts'
import { fencedDocuments } from './fenced-documents.ts'
import { type HeldJob, holdLease, type Lease } from './lease.ts'
import { type Attempted, afterError, complete, fail, lostOften, release, type SettleDeps } from './settle.ts'
import type { Reached, Task, TaskResult } from './task.ts'

export interface AttemptDeps extends SettleDeps {
  readonly documents: Documents
  readonly leaseMs: number
  readonly heartbeatMs: number
  /** How soon progress that was told is written. */
  readonly tellMs: number
  /** How long one attempt may take. */
  readonly limitMs: number
}

/** An attempt under way. */
export interface Attempt {
  readonly over: Promise<Attempted>
  /** Gives the job back, as if it had not been begun. */
  release(): Promise<void>
}

/** Tries a job that was taken, to its end: completed, to be tried again, or failed. */
export function beginAttempt(deps: AttemptDeps, task: Task, taken: Stored<HeldJob>): Attempt {
  const lease = holdLease(deps, taken)
  return { over: attempt(deps, task, lease), release: () => release(lease) }
}

async function attempt(deps: AttemptDeps, task: Task, lease: Lease): Promise<Attempted> {
  const startedMs = deps.timer.elapsedMs()
  try {
    if ((lease.job.attempts ?? 1) > MOST_ATTEMPTS) return await fail(deps, task, lease, lostOften(lease.job))
    lease.log('info', `Attempt ${lease.job.attempts} by ${lease.job.lease?.worker}`)
    const result = await whileHeld(deps, lease, startedMs, runTask(deps, task, lease, startedMs))
    await complete(deps, lease, result, startedMs)
    await result.afterwards?.()
    return { outcome: 'completed' }
  } catch (error) {
    return await afterError(deps, task, lease, error)
  }
}

async function runTask(deps: AttemptDeps, task: Task, lease: Lease, startedMs: number): Promise<TaskResult> {
  let stage = ''
  return await task.run({
    job: lease.job,
    documents: fencedDocuments(deps.documents, lease),
    log: (message) => lease.log('info', message),
    report(reached) {
      lease.check()
      if (reached.stage !== stage) lease.log('info', `Stage ${reached.stage}`)
      stage = reached.stage
      lease.tell(toldOf(deps, progressOf(reached), startedMs))
    },
  })
}

/** Throws for figures that cannot be: a fault of the task. */
function progressOf({ stage, done, total, unit, step, steps }: Reached): JobProgress {
  const percentage = Math.round(((step + (total > 0 ? done / total : 0)) / steps) * 1000) / 10
  const counted = unit === undefined ? {} : { done, total, unit }
  const parsed = JobProgress.safeParse({ stage, percentage, currentStep: stage, stepsCompleted: step, totalSteps: steps, ...counted })
  if (!parsed.success) throw new Error(`A task told impossible progress in ${stage}`)
  return parsed.data
}

/** An end is foretold only from a measured part of the way. */
function toldOf({ clock, timer }: AttemptDeps, progress: JobProgress, startedMs: number): Parameters<Lease['tell']>[0] {
  const elapsedMs = timer.elapsedMs() - startedMs
  if (progress.percentage < 5 || elapsedMs < 1000) return { progress }
  const leftMs = (elapsedMs * (100 - progress.percentage)) / progress.percentage
  return { progress, estimatedCompletion: formatInstant(Math.round(clock.nowMs() + leftMs)) }
}

/** The task's result, unless the job is lost first or takes too long: then the task ends at its next look at the store. */
async function whileHeld<T>(deps: AttemptDeps, lease: Lease, startedMs: number, task: Promise<T>): Promise<T> {
  let isOver = false
  const settled = task.finally(() => {
    isOver = true
  })
  // Where the heartbeat ends the attempt, the task's own end comes later and says the same.
  settled.catch(() => undefined)
  return await Promise.race([settled, beat(deps, lease, startedMs, () => isOver)])
}

async function beat(deps: AttemptDeps, lease: Lease, startedMs: number, isOver: () => boolean): Promise<never> {
  let writtenMs = startedMs
  while (!isOver()) {
    await deps.timer.wait(deps.tellMs)
    const nowMs = deps.timer.elapsedMs()
    if (isOver()) break
    lease.check()
    if (nowMs - startedMs > deps.limitMs) throw new Problem('unavailable', `It took longer than ${Math.round(deps.limitMs / 60_000)} min.`)
    if (nowMs - writtenMs < deps.heartbeatMs && !lease.hasNews()) continue
    if (await isWritten(lease)) writtenMs = nowMs
  }
  return new Promise<never>(() => undefined)
}

/** A store that does not answer is asked again at the next beat. */
async function isWritten(lease: Lease): Promise<boolean> {
  try {
    await lease.write([])
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'unavailable') return false
    throw error
  }
}
