import type { JobError, StoredJob } from '../model/job.ts'
import { Problem, type ProblemCode } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Timer } from '../ports/timer.ts'
import { MOST_ATTEMPTS, tookTooMuch } from './claim-jobs.ts'
import { type HeldJob, type Lease, LeaseLost } from './lease.ts'
import type { Task, TaskResult } from './task.ts'

export interface SettleDeps {
  readonly clock: Clock
  readonly timer: Timer
  /** From 0 to 1. */
  readonly random: () => number
  readonly firstRetryMs: number
}

/** What became of an attempt. `lost`: another has the job now, or it was cancelled. */
export interface Attempted {
  readonly outcome: 'completed' | 'failed' | 'retried' | 'lost'
  readonly code?: string
  /** Only of a bug. */
  readonly error?: unknown
}

export async function complete({ clock, timer }: SettleDeps, lease: Lease, result: TaskResult, startedMs: number): Promise<void> {
  const processingTime = (timer.elapsedMs() - startedMs) / 1000
  lease.log('info', `Completed in ${processingTime.toFixed(1)} s`)
  const dataProcessed = result.dataProcessedMb
  const metrics = { processingTime, ...(dataProcessed !== undefined && { dataProcessed }) }
  await lease.settle(result.writes ?? [], (job) => {
    const { lease: _, estimatedCompletion: __, ...rest } = job
    const steps = rest.progress?.totalSteps
    const progress = { stage: 'done', percentage: 100, ...(steps !== undefined && { stepsCompleted: steps, totalSteps: steps }) }
    return { ...rest, status: 'completed', completedAt: formatInstant(clock.nowMs()), output: result.output, metrics, progress }
  })
}

/** Those that another time may go well. Any other stays what it is however often it is tried, but for too little memory, which is given once. */
const passing: readonly ProblemCode[] = ['unavailable', 'conflict', 'storage_full', 'store_in_use', 'overloaded']

export async function afterError(deps: SettleDeps, task: Task, lease: Lease, error: unknown): Promise<Attempted> {
  if (error instanceof LeaseLost) return { outcome: 'lost' }
  const told = errorOf(deps, error)
  const mayPass = !(error instanceof Problem) || passing.includes(error.code) || (error.code === 'out_of_memory' && !tookTooMuch(lease.job))
  try {
    const ended =
      mayPass && (lease.job.attempts ?? 1) < MOST_ATTEMPTS ? await retry(deps, lease, told) : await fail(deps, task, lease, told)
    return { ...ended, ...(!(error instanceof Problem) && { error }) }
  } catch (later) {
    // Not even that can be written: the lease runs out, and another worker takes the job.
    if (later instanceof LeaseLost || later instanceof Problem) return { outcome: 'lost', code: told.code, error }
    throw later
  }
}

/** A bug's own words may hold values: they are not kept with the job. */
function errorOf({ clock }: SettleDeps, error: unknown): JobError {
  const at = formatInstant(clock.nowMs())
  if (error instanceof Problem) return { code: error.code, message: error.detail, at }
  return { code: 'internal', message: 'A fault of the program; the worker’s own log has it.', at }
}

export function lostOften({ errors }: HeldJob): JobError {
  return errors.at(-1) ?? { code: 'worker_lost', message: 'Its workers went away.' }
}

async function retry(deps: SettleDeps, lease: Lease, told: JobError): Promise<Attempted> {
  const attempts = lease.job.attempts ?? 1
  const waitMs = deps.firstRetryMs * 2 ** (attempts - 1) * (0.5 + deps.random() / 2)
  lease.log('warn', `Attempt ${attempts} ended with ${told.code}: again in ${(waitMs / 1000).toFixed(1)} s`)
  const notBefore = formatInstant(Math.round(deps.clock.nowMs() + waitMs))
  await lease.settle([], (job) => ({ ...waiting(job), notBefore, errors: [...job.errors, told].slice(-20) }))
  return { outcome: 'retried', code: told.code }
}

export async function fail(deps: SettleDeps, task: Task, lease: Lease, told: JobError): Promise<Attempted> {
  lease.log('error', `Failed with ${told.code}`)
  const writes = (await task.failed?.(lease.job, told)) ?? []
  await lease.settle(writes, (job) => {
    const { lease: _, estimatedCompletion: __, ...rest } = job
    const errors = job.errors.at(-1) === told ? job.errors : [...job.errors, told].slice(-20)
    const attempts = Math.min(job.attempts ?? 1, MOST_ATTEMPTS)
    return { ...rest, status: 'failed', attempts, completedAt: formatInstant(deps.clock.nowMs()), errors }
  })
  return { outcome: 'failed', code: told.code }
}

export async function release(lease: Lease): Promise<void> {
  try {
    lease.log('info', 'Given back: the worker ends')
    await lease.settle([], (job) => ({ ...waiting(job), attempts: Math.max(0, (job.attempts ?? 1) - 1) }))
  } catch (error) {
    if (!(error instanceof LeaseLost || error instanceof Problem)) throw error
  }
}

function waiting(job: HeldJob): Extract<StoredJob, { status: 'pending' }> {
  const { lease: _, startedAt: __, estimatedCompletion: ___, output: ____, progress: _____, ...rest } = job
  return { ...rest, status: 'pending' }
}
