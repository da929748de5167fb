import { type AnalyseDeps, analyseDirtyDays } from '../flows/analyse-days.ts'
import { analyseImported } from '../flows/analyse-imported.ts'
import type { AskBackupDeps } from '../flows/ask-backup.ts'
import { openBlobSource } from '../flows/blob-source.ts'
import { computeTrends, type TrendDeps } from '../flows/compute-trends.ts'
import { failedImport } from '../flows/end-imports.ts'
import type { DeviceEvaluationDeps } from '../flows/evaluate-on-devices.ts'
import type { ExportDeps } from '../flows/export-person.ts'
import type { Stores } from '../flows/fill-store.ts'
import { type ImportDeps, importFile } from '../flows/import-file.ts'
import { finishedRecord, importPath } from '../flows/import-record.ts'
import { packMonth } from '../flows/pack-month.ts'
import type { ResealDeps } from '../flows/reseal.ts'
import { type LifecycleDeps, runLifecycle } from '../flows/run-lifecycle.ts'
import type { ImportRecord } from '../model/import.ts'
import { dailyInsightId } from '../model/insight.ts'
import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { backingUp } from './backup-task.ts'
import { type EraseTaskDeps, erasing } from './erase-task.ts'
import { evaluating } from './evaluation-task.ts'
import { exporting } from './export-task.ts'
import { resealing } from './reseal-task.ts'
import type { Task, TaskResult, TaskRun, Tasks } from './task.ts'

export type TaskDeps = ImportDeps &
  AnalyseDeps &
  TrendDeps &
  LifecycleDeps &
  DeviceEvaluationDeps &
  EraseTaskDeps &
  ExportDeps &
  ResealDeps &
  Pick<AskBackupDeps, 'openBackup'> & { readonly lying: Pick<Stores, 'blobs'> }

/** What each type of job does. A type that is not here cannot be asked for. */
export function houseTasks(deps: TaskDeps): Tasks {
  const { openBackup } = deps
  return {
    health_analysis: analysis(deps),
    import: importing(deps),
    trends: trends(deps),
    lifecycle: lifecycle(deps),
    model_evaluation: evaluating(deps),
    erase: erasing(deps),
    export: exporting(deps),
    reseal: resealing(deps),
    ...(openBackup !== undefined && { backup: backingUp({ blobs: deps.lying.blobs, clock: deps.clock }, openBackup) }),
  }
}

function analysis(deps: TaskDeps): Task {
  return {
    async run({ job, documents, report }) {
      const dates = job.input.dates ?? []
      const onProgress = (done: number, total: number) => report({ stage: 'analysing', done, total, unit: 'days', step: 0, steps: 1 })
      const made = await analyseDirtyDays({ ...deps, documents }, userOf(job), onProgress, dates)
      const [date] = dates
      return { output: { ...made, ...(date !== undefined && dates.length === 1 && { insightId: dailyInsightId(date) }) } }
    },
  }
}

function trends(deps: TaskDeps): Task {
  return {
    run: async ({ job, documents }) => ({ output: { trends: await computeTrends({ ...deps, documents }, userOf(job)) } }),
  }
}

/** The samples of a month's sessions into one object, or everybody's old data as of when the job was queued. */
function lifecycle(deps: TaskDeps): Task {
  return {
    async run({ job, documents, report }) {
      const { analysisType, month, afterGap } = job.input
      if (analysisType === 'packing' && typeof month === 'string')
        return { output: { sessions: await packMonth({ ...deps, documents }, userOf(job), month) } }
      if (analysisType !== 'retention') throw new Problem('invalid', 'Of this type only packing a month and retention are known.')
      const onProgress = (done: number, total: number) =>
        report({ stage: 'lifecycle', done: Math.min(done, total), total, step: 0, steps: 1 })
      const isSure = afterGap === true
      return { output: { ...(await runLifecycle({ ...deps, documents }, { atMs: Date.parse(job.createdAt), isSure, onProgress })) } }
    },
  }
}

function importing(deps: TaskDeps): Task {
  return {
    run: (run) => importRecorded({ ...deps, documents: run.documents }, run),
    async failed(job, { code, message }) {
      return failedImport(deps, await recordOf(deps.documents, job), { code, detail: message })
    },
  }
}

/** Reading, keeping, and the days; the report goes with the job's completion, so that there is one. */
async function importRecorded(deps: TaskDeps, { job, report }: TaskRun): Promise<TaskResult> {
  const record = await recordOf(deps.documents, job)
  const { userId, original = '', file = 'upload', zone } = record
  const startedMs = deps.clock.nowMs()
  const source = await openBlobSource(deps.blobs, original)
  const steps = record.dryRun ? 2 : 3
  const result = await importFile(deps, {
    userId,
    fileName: file,
    source,
    record,
    ...(zone !== undefined && { zone }),
    ...(record.dryRun && { dryRun: true }),
    onProgress: ({ stage, done, total }) =>
      report({ stage, done, total, unit: stage === 'reading' ? 'bytes' : 'records', step: stage === 'reading' ? 0 : 1, steps }),
    analyse: (counting) =>
      analyseImported(deps, userId, counting, (done, total) => report({ stage: 'analysing', done, total, unit: 'days', step: 2, steps })),
  })
  const nowMs = deps.clock.nowMs()
  const finished = finishedRecord(record, { ...result.report, seconds: (nowMs - startedMs) / 1000 }, result.isWhole, formatInstant(nowMs))
  const writes: Write[] = [{ op: 'put', path: importPath(record), body: record.dryRun ? withoutOriginal(finished) : finished }]
  return {
    output: { importId: record.importId },
    writes,
    dataProcessedMb: source.length / 1e6,
    ...(record.dryRun && { afterwards: () => deps.blobs.delete(original) }),
  }
}

async function recordOf(documents: Documents, job: StoredJob): Promise<ImportRecord> {
  const stored = await documents.get<ImportRecord>(`users/${userOf(job)}/imports/${job.input.importId}`)
  if (stored === undefined) throw new Problem('not_found', 'The import is not there any more.')
  return stored.body
}

function withoutOriginal({ original: _, ...record }: ImportRecord): ImportRecord {
  return record
}

function userOf({ userId }: StoredJob): string {
  if (userId === undefined) throw new Problem('invalid', 'The job names nobody.')
  return userId
}
