import type { DirtyDay } from '../model/dirty-day.ts'
import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { findMarks, type Mark, markPath } from './dirty-days.ts'
import { all } from './every.ts'

export interface DirtyWork {
  readonly marks: readonly Mark[]
  /** Those that wait to do what is about to be done. */
  readonly jobs: readonly Stored<StoredJob>[]
}

interface WorkDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** What waits to be analysed for a person. The jobs before the marks: a job that is in it has its marks in it too. */
export async function findWork(deps: WorkDeps, userId: string): Promise<DirtyWork> {
  const jobs = await waitingJobs(deps, userId)
  return { jobs, marks: await findMarks(deps, userId) }
}

async function waitingJobs({ documents }: WorkDeps, userId: string): Promise<Stored<StoredJob>[]> {
  const waiting = await all<StoredJob>(documents, { collection: 'jobs', index: 'owner', equals: [userId, 'pending'] })
  return waiting.filter(({ body: { type, input } }) => type === 'health_analysis' && input.analysisType === 'days' && !input.dates)
}

const ATTEMPTS = 10
const LARGEST_BATCH = 400

/**
 * The days are made: their marks go, and their jobs are done. What was marked or queued again meanwhile stays; a date that is not over is
 * marked for its end.
 */
export async function settleWork(deps: WorkDeps, userId: string, work: DirtyWork, unfinished: readonly DirtyDay[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const writes = await settlement(deps, userId, work, unfinished)
      for (let from = 0; from < writes.length; from += LARGEST_BATCH) await deps.documents.batch(writes.slice(from, from + LARGEST_BATCH))
      return
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

async function settlement(deps: WorkDeps, userId: string, { marks, jobs }: DirtyWork, unfinished: readonly DirtyDay[]): Promise<Write[]> {
  const present = new Map((await marksNow(deps, userId)).map((mark) => [mark.body.date, mark]))
  const waitsFor = new Map(unfinished.map((mark) => [mark.date, mark]))
  const writes: Write[] = []
  for (const { path, version, body } of marks) {
    if (present.get(body.date)?.version !== version) continue
    const later = waitsFor.get(body.date)
    writes.push(later ? { op: 'put', path, body: later, ifVersion: version } : { op: 'delete', path, ifVersion: version })
  }
  for (const [date, body] of waitsFor)
    if (!present.has(date)) writes.push({ op: 'put', path: markPath(userId, date), body, ifAbsent: true })
  return [...writes, ...(await doneJobs(deps, userId, jobs))]
}

async function marksNow({ documents }: WorkDeps, userId: string): Promise<Mark[]> {
  return all<DirtyDay>(documents, { collection: 'dirtyDays', parent: `users/${userId}` })
}

async function doneJobs(deps: WorkDeps, userId: string, jobs: readonly Stored<StoredJob>[]): Promise<Write[]> {
  if (jobs.length === 0) return []
  const versions = new Map(jobs.map(({ path, version }) => [path, version]))
  const now = formatInstant(deps.clock.nowMs())
  const still = (await waitingJobs(deps, userId)).filter(({ path, version }) => versions.get(path) === version)
  return still.map(({ path, version, body: { notBefore: _, ...body } }) => {
    const done: StoredJob = { ...body, status: 'completed', startedAt: now, completedAt: now, output: {} }
    return { op: 'put', path, body: done, ifVersion: version }
  })
}
