import type { JobType, StoredJob } from '../../model/job.ts'
import { type FieldProblem, Problem, type ProblemCode } from '../../model/problem.ts'
import { LeaseLost } from '../../worker/lease.ts'
import type { Reached, TaskResult } from '../../worker/task.ts'
import type { Config } from '../config.ts'

/** What a thread is begun with. */
export interface LaneOrder {
  readonly config: Config
  readonly type: JobType
  readonly job: StoredJob
  /** Of the span that the job is in the other thread. */
  readonly traceparent: string | undefined
}

/** Whose documents are asked: those of the attempt, under its fence, or the store as it lies. */
export type Side = 'attempt' | 'store'
export type Method = 'get' | 'list' | 'batch'

/** From the thread. */
export type Told =
  | {
      readonly ask: number
      readonly side: Side
      readonly actingFor: readonly string[]
      readonly method: Method
      readonly argument: unknown
    }
  | { readonly reached: Reached }
  | { readonly logged: string }
  | { readonly result: Omit<TaskResult, 'afterwards'>; readonly hasMore: boolean }
  | { readonly failed: SentError }
  | { readonly ended: true }

/** To the thread. `refused`: the attempt is over, and the next thing that the task does fails with this. */
export type Said =
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: SentError }
  | { readonly refused: SentError }
  | 'afterwards'

/** An error as it goes from thread to thread, which knows no classes but those of the language. */
export type SentError =
  | { readonly code: ProblemCode; readonly detail: string; readonly errors?: readonly FieldProblem[] | undefined }
  | { readonly lost: string }
  | { readonly fault: unknown }

export function sentError(error: unknown): SentError {
  if (error instanceof Problem) return { code: error.code, detail: error.detail, errors: error.errors }
  if (error instanceof LeaseLost) return { lost: error.message }
  return { fault: error }
}

export function errorIn(sent: SentError): unknown {
  if ('code' in sent) return new Problem(sent.code, sent.detail, sent.errors === undefined ? {} : { errors: sent.errors })
  return 'lost' in sent ? new LeaseLost(sent.lost) : sent.fault
}
