import type { JobError, JobOutput, JobProgress, JobType, StoredJob } from '../model/job.ts'
import type { Documents, Write } from '../ports/documents.ts'

/** How far a stage of a task is: counted, never guessed. */
export interface Reached {
  readonly stage: string
  /** Of this stage, in whatever it counts; absent `unit`: in what means nothing to others. */
  readonly done: number
  readonly total: number
  readonly unit?: JobProgress['unit']
  /** Stages that are over, of how many. */
  readonly step: number
  readonly steps: number
}

/** One attempt at a job. */
export interface TaskRun {
  readonly job: StoredJob
  /**
   * The store while the job is held: each batch carries the job's fence, so that of two workers who believe to hold it only one changes
   * anything. Throws `LeaseLost` once it is not.
   */
  readonly documents: Documents
  /** Throws `LeaseLost` too, and an error for figures that cannot be. */
  readonly report: (reached: Reached) => void
  /** A line in the job's log: ids, never values. */
  readonly log: (message: string) => void
}

export interface TaskResult {
  readonly output: JobOutput
  /** Written with the job's completion, all or nothing. */
  readonly writes?: readonly Write[]
  readonly dataProcessedMb?: number
  /** Done once the completion is written: what must not go before. */
  readonly afterwards?: () => Promise<void>
}

/** What a type of job does. May be stopped anywhere and begun again, by this worker or another. */
export interface Task {
  run(run: TaskRun): Promise<TaskResult>
  /** What is written with the failure that ends it. */
  failed?(job: StoredJob, error: JobError): Promise<readonly Write[]>
}

export type Tasks = { readonly [Type in JobType]?: Task }
