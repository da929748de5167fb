import { AsyncLocalStorage } from 'node:async_hooks'
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { JobType } from '../../model/job.ts'
import { Problem } from '../../model/problem.ts'
import type { Documents } from '../../ports/documents.ts'
import type { Tracer } from '../../ports/tracer.ts'
import { tookTooMuch } from '../../worker/claim-jobs.ts'
import type { Task, TaskResult, TaskRun, Tasks } from '../../worker/task.ts'
import type { Config } from '../config.ts'
import { answerAsked } from './distant-documents.ts'
import { errorIn, type LaneOrder, type Said, sentError, type Told } from './messages.ts'

export interface LaneOptions {
  readonly config: Config
  /** As they lie in the store. */
  readonly documents: Documents
  readonly tracer: Pick<Tracer, 'current'>
  /** Of the heap of one job; absent: half of what this process may have. Tried again a job has twice as much. */
  readonly heapMiB?: number
}

/** Of what comes from outside or is as large as a person's whole history. */
const heavy: readonly JobType[] = ['import', 'export', 'model_evaluation']

/**
 * The heavy tasks in threads of their own, each with a heap of its own: an attempt that takes more than it may fails as `out_of_memory`, and
 * this process goes on; the next has a larger one, and is the last. Any other job is run so once a worker was lost with it. Buffers are not on
 * the heap: what reads files is bounded by itself.
 */
export function laneTasks(tasks: Tasks, options: LaneOptions): Tasks {
  return Object.fromEntries(
    Object.entries(tasks).map(([type, task]) => [
      type,
      { ...task, run: (run: TaskRun) => (isForLane(type as JobType, run) ? runInLane(options, type as JobType, run) : task.run(run)) },
    ]),
  ) satisfies Readonly<Record<string, Task>>
}

function isForLane(type: JobType, { job }: TaskRun): boolean {
  return heavy.includes(type) || tookTooMuch(job) || job.errors.some(({ code }) => code === 'worker_lost')
}

const MIB = 1024 * 1024

async function runInLane(options: LaneOptions, type: JobType, run: TaskRun): Promise<TaskResult> {
  const { config, documents, tracer } = options
  const heapMiB = heapFor(options, run)
  const { failpoint: _, ...settings } = config
  const order: LaneOrder = { config: settings, type, job: run.job, traceparent: tracer.current() }
  // What the thread asks for is a part of the work that it was begun in.
  const within = AsyncLocalStorage.snapshot()
  const thread = new Worker(new URL('./thread.js', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  })
  // Whoever ends this process ends it as a kill would: another takes the job up.
  thread.unref()
  const say = (said: Said) => thread.postMessage(said)
  const done = Promise.withResolvers<TaskResult>()
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => undefined)
  const end = (error: unknown) => {
    done.reject(error)
    ended.reject(error)
  }
  thread.on('error', (error) => end(isOutOfMemory(error) ? tooMuch(heapMiB) : error))
  thread.on('exit', () => end(new Error('The thread of a job ended without a word')))
  thread.on('message', (told: Told) => {
    if ('ask' in told) void within(answer, told, { attempt: run.documents, store: documents }[told.side], say)
    else if ('reached' in told) attempted(() => run.report(told.reached), say)
    else if ('logged' in told) attempted(() => run.log(told.logged), say)
    else if ('failed' in told) end(errorIn(told.failed))
    else if ('ended' in told) ended.resolve()
    else done.resolve({ ...told.result, ...(told.hasMore && { afterwards: () => afterwards(say, ended.promise) }) })
  })
  return await done.promise
}

function heapFor({ heapMiB = Math.floor(getHeapStatistics().heap_size_limit / MIB / 2) }: LaneOptions, { job }: TaskRun): number {
  return tookTooMuch(job) ? heapMiB * 2 : heapMiB
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function tooMuch(heapMiB: number): Problem {
  return new Problem('out_of_memory', `The job needed more than the ${heapMiB} MiB that one may have.`)
}

async function afterwards(say: (said: Said) => void, ended: Promise<void>): Promise<void> {
  say('afterwards')
  await ended
}

async function answer(told: Extract<Told, { ask: number }>, documents: Documents, say: (said: Said) => void): Promise<void> {
  const { ask, actingFor, method, argument } = told
  try {
    say({ answer: ask, value: await answerAsked(documents, actingFor, method, argument) })
  } catch (error) {
    say({ answer: ask, error: sentError(error) })
  }
}

/** What is told goes one way: that the attempt is over the task learns with the next thing it does. */
function attempted(act: () => void, say: (said: Said) => void): void {
  try {
    act()
  } catch (error) {
    say({ refused: sentError(error) })
  }
}
