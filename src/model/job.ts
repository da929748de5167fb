import { z } from 'zod'
import { CalendarDate, Id, Instant, text } from './text.ts'

export const jobTypes = [
  'health_analysis',
  'import',
  'export',
  'erase',
  'lifecycle',
  'trends',
  'backup',
  'model_evaluation',
  'reseal',
] as const
export type JobType = (typeof jobTypes)[number]

/** Spoken as words, stored as ranks: sorted as text, `high` would come below `low`. */
export const Priority = z.enum(['low', 'normal', 'high'])
export type Priority = z.infer<typeof Priority>

const priorityRanks = { low: 0, normal: 1, high: 2 } as const satisfies Record<Priority, number>

export function priorityRank(word: Priority): number {
  return priorityRanks[word]
}

export function priorityWord(rank: number): Priority {
  return Priority.options.find((word) => priorityRanks[word] === rank) ?? 'normal'
}

export const JobProgress = z
  .object({
    stage: text(1, 100),
    percentage: z.number().min(0).max(100),
    currentStep: text(1, 100).optional(),
    stepsCompleted: z.int().min(0).optional(),
    totalSteps: z.int().min(0).optional(),
    /** Of the present step, in `unit`. */
    done: z.number().min(0).optional(),
    total: z.number().min(0).optional(),
    unit: z.enum(['bytes', 'records', 'days']).optional(),
  })
  .refine(({ stepsCompleted = 0, totalSteps = Infinity }) => stepsCompleted <= totalSteps, {
    path: ['stepsCompleted'],
    error: 'More steps completed than there are',
  })

export type JobProgress = z.infer<typeof JobProgress>

export const JobError = z.object({ code: z.string(), message: z.string(), at: Instant.optional() })
export type JobError = z.infer<typeof JobError>

export const JobOutput = z.looseObject({ insightId: Id.optional(), artifacts: z.array(text(1, 2000)).optional() })
export type JobOutput = z.infer<typeof JobOutput>

function shared<P extends z.ZodType>(priority: P) {
  return z.object({
    jobId: Id,
    /** Absent for work that concerns no one person. */
    userId: Id.optional(),
    type: z.enum(jobTypes),
    priority,
    createdAt: Instant,
    input: z.looseObject({
      dataSessionIds: z.array(Id).max(1000).optional(),
      analysisType: text(1, 100).optional(),
      modelVersion: text(1, 100).optional(),
      /** Made again beside those that are marked. */
      dates: z.array(CalendarDate).max(4000).optional(),
      importId: Id.optional(),
    }),
    estimatedCompletion: Instant.optional(),
    progress: JobProgress.optional(),
    /** `processingTime` in seconds; `dataProcessed` and `memory` in MB, `networkIO` in MB, `cpu` in cores. */
    metrics: z
      .object({
        processingTime: z.number().min(0).optional(),
        dataProcessed: z.number().min(0).optional(),
        resourceUsage: z.record(z.string(), z.number()).optional(),
      })
      .optional(),
    attempts: z.int().min(0).optional(),
    /** Not to be claimed before this time: a retry waits. */
    notBefore: Instant.optional(),
    errors: z.array(JobError),
  })
}

/** Each status carries what it must; a finished job says when and with what. */
function jobWith<P extends z.ZodType, K extends z.ZodRawShape, H extends z.ZodRawShape>(priority: P, kept: K, held: H) {
  const base = shared(priority).extend(kept)
  return z.discriminatedUnion('status', [
    base.extend({ status: z.literal('pending') }),
    base.extend({ status: z.literal('processing'), startedAt: Instant, output: JobOutput.optional(), ...held }),
    base.extend({ status: z.literal('completed'), startedAt: Instant, completedAt: Instant, output: JobOutput }),
    base.extend({ status: z.literal('failed'), startedAt: Instant, completedAt: Instant, errors: z.array(JobError).min(1) }),
    base.extend({ status: z.literal('cancelled'), startedAt: Instant.optional(), completedAt: Instant }),
  ])
}

/** Who may finish it and until when; a higher fence takes the job from a lower one. */
const Lease = z.object({ worker: Id, until: Instant, fence: z.int().min(1) })

/** As it is spoken. */
export const Job = jobWith(Priority, {}, {})
export type Job = z.infer<typeof Job>

/** As it is kept and indexed. */
export const StoredJob = jobWith(
  z.int().min(0).max(2),
  // W3C, of the call that queued it.
  { traceparent: text(1, 200).optional() },
  { lease: Lease.optional() },
)
export type StoredJob = z.infer<typeof StoredJob>

export type JobStatus = Job['status']

/** Where a job may go from where it is. A failed job that is tried again returns to pending. */
export const jobTransitions = {
  pending: ['processing', 'cancelled'],
  processing: ['completed', 'failed', 'pending', 'cancelled'],
  completed: [],
  failed: ['pending'],
  cancelled: [],
} as const satisfies Record<JobStatus, readonly JobStatus[]>

/** One line of `jobs/{jobId}/logs/{n}`: ids, never health values. */
export const JobLog = z.object({ n: z.int().min(0), at: Instant, level: z.enum(['info', 'warn', 'error']), message: text(1, 1000) })
export type JobLog = z.infer<typeof JobLog>
