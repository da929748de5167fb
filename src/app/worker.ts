import { availableParallelism, hostname } from 'node:os'
import { systemTimer } from '../adapters/timer/system.ts'
import { endAbandonedImports } from '../flows/end-imports.ts'
import { tidyExports } from '../flows/export-job.ts'
import { sealAudit } from '../flows/seal-audit.ts'
import { tidyUploads } from '../flows/uploads.ts'
import { drainOutbox } from '../flows/warehouse-outbox.ts'
import type { JobType } from '../model/job.ts'
import { auditedTasks } from '../worker/audited-tasks.ts'
import { queueDueDays } from '../worker/due-days.ts'
import { queueDueLifecycle } from '../worker/due-lifecycle.ts'
import { queueDueMonths } from '../worker/due-months.ts'
import type { Tasks } from '../worker/task.ts'
import { houseTasks } from '../worker/tasks.ts'
import { tracedTasks } from '../worker/traced-tasks.ts'
import { type Chore, startWorker as start, type Worker, type WorkerDeps, type WorkerEvent } from '../worker/worker.ts'
import type { House } from './house.ts'
import { type LaneOptions, laneTasks } from './lane/lane.ts'

export interface WorkerOptions {
  readonly onEvent?: (event: WorkerEvent) => void
  /** Beside those of the house. */
  readonly chores?: readonly Chore[]
  readonly tasks?: Tasks
  /** Absent: every task runs in this thread. */
  readonly lane?: Pick<LaneOptions, 'config' | 'heapMiB'>
  /** Jobs of this type alone, and nothing beside them. */
  readonly only?: JobType
  /** What tests make shorter. */
  readonly times?: Partial<Pick<WorkerDeps, 'leaseMs' | 'heartbeatMs' | 'tellMs' | 'limitMs' | 'firstRetryMs' | 'pollMs' | 'graceMs'>>
  readonly slots?: number
}

/** With a look every half second, what a killed worker had is taken up within 15 s, also on a machine that is busy. */
export const workerTimes = {
  leaseMs: 12_000,
  heartbeatMs: 5000,
  tellMs: 500,
  limitMs: 6 * 3_600_000,
  firstRetryMs: 1000,
  pollMs: 500,
  graceMs: 15_000,
} as const

/** A command that imports writes far oftener; one in another process may have only paused. */
const SILENT_MS = 6 * 3_600_000

/** The house's worker: claims jobs and runs them until it is stopped; stop it before the house is disposed. */
export function startWorker(house: House, options: WorkerOptions = {}): Worker {
  const { documents, clock } = house
  const worker = `${hostname()
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 40)}_${process.pid}_${house.newId()}`
  return start({
    documents,
    clock,
    timer: systemTimer,
    random: Math.random,
    tasks: tracedTasks(auditedTasks(tasksOf(house, options), house), house.tracer),
    chores:
      options.only !== undefined
        ? []
        : [
            { name: 'days that are over', everyMs: 1000, run: () => queueDueDays({ documents, clock }) },
            { name: 'months to be packed', everyMs: 60_000, run: () => queueDueMonths({ documents, clock }) },
            { name: 'data that are old', everyMs: 3_600_000, run: () => queueDueLifecycle({ documents, clock }) },
            { name: 'rows for the warehouse', everyMs: 1000, run: () => drainOutbox(house) },
            { name: 'imports that nobody makes', everyMs: 600_000, run: () => endAbandonedImports(house, house.isAlone ? 0 : SILENT_MS) },
            { name: 'exports that are over', everyMs: 3_600_000, run: () => tidyExports(house) },
            { name: 'uploads that nobody goes on with', everyMs: 3_600_000, run: () => tidyUploads(house) },
            { name: 'the seal of the audit log', everyMs: 500, run: () => sealAudit(house, worker, house.isAlone ? 'now' : 'leased') },
            ...(options.chores ?? []),
          ],
    worker,
    slots: options.slots ?? Math.max(2, availableParallelism()),
    onEvent: options.onEvent ?? (() => undefined),
    ...workerTimes,
    ...options.times,
  })
}

function tasksOf(house: House, { tasks, lane, only }: WorkerOptions): Tasks {
  const ours = houseTasks(house)
  const all: Tasks = {
    ...(lane === undefined ? ours : laneTasks(ours, { documents: house.lying.documents, tracer: house.tracer, ...lane })),
    ...tasks,
  }
  return only === undefined ? all : { [only]: all[only] }
}
