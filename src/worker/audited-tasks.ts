import { openLedger } from '../flows/audit-ledger.ts'
import type { AuditDeps, Doing } from '../flows/audit-note.ts'
import type { AuditAction } from '../model/audit.ts'
import type { JobType, StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { LeaseLost } from './lease.ts'
import type { Task, Tasks } from './task.ts'

/** What each attempt at a job does to a person's data stands in the audit log: in its first batch, or before the job is completed. */
export function auditedTasks(tasks: Tasks, deps: AuditDeps): Tasks {
  return Object.fromEntries(Object.entries(tasks).map(([type, task]) => [type, audited(type as JobType, task, deps)]))
}

function audited(type: JobType, task: Task, deps: AuditDeps): Task {
  return {
    ...task,
    async run(run) {
      // Who was overtaken by another writes nothing more under the job's fence, and says so all the same.
      const ledger = openLedger(deps, deps.documents, doingOf(type, run.job))
      try {
        const result = await task.run({ ...run, documents: ledger.over(run.documents) })
        await ledger.settle({ outcome: 'allow' })
        return result
      } catch (error) {
        // A bug is told of as what it is, written down or not.
        await ledger.settle({ outcome: 'error', code: codeOf(error) }).catch((unwritten) => {
          if (error instanceof Problem) throw unwritten
        })
        throw error
      }
    },
  }
}

function codeOf(error: unknown): string {
  if (error instanceof LeaseLost) return 'conflict'
  return error instanceof Problem ? error.code : 'internal'
}

/** Any other is carried out. */
const actions: { readonly [Type in JobType]?: AuditAction } = { backup: 'export', export: 'export', erase: 'D' }

function doingOf(type: JobType, { jobId, userId }: StoredJob): Doing {
  return { doer: { type: 'system', name: 'worker' }, action: actions[type] ?? 'E', resource: { type: `jobs/${type}`, id: jobId }, userId }
}
