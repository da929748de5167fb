import { canonicalJson } from '../model/in-order.ts'
import { JobLog, type StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'

/** A job that a worker holds. */
export type HeldJob = Extract<StoredJob, { status: 'processing' }>

/** The job is another's now, or nobody's: whoever meets this stops, and what it has not written it must not write. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface Lease {
  readonly path: string
  readonly job: HeldJob
  /** Throws `LeaseLost`. */
  check(): void
  /** Changes what is said of the job with the next write. */
  tell(part: Partial<Pick<HeldJob, 'progress' | 'estimatedCompletion'>>): void
  hasNews(): boolean
  /** Goes into the job's log with the next write. */
  log(level: JobLog['level'], message: string): void
  /** Writes under the fence, all or nothing, and keeps the lease for its time from now. Throws `LeaseLost`. */
  write(writes: readonly Write[]): Promise<void>
  /** The same, and the job is let go as `change` has it. */
  settle(writes: readonly Write[], change: (job: HeldJob) => StoredJob): Promise<void>
}

export interface LeaseDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly leaseMs: number
}

/**
 * The fence is the version of the job's document: each write names the version that the one before left, in the batch with the effect, and who
 * was overtaken is refused. Writes wait for one another.
 */
export function holdLease(deps: LeaseDeps, taken: Stored<HeldJob>): Lease {
  const { path } = taken
  let { version, body: job } = taken
  let lost: LeaseLost | undefined
  let isNews = false
  let logs: Omit<JobLog, 'n'>[] = []
  let last: Promise<unknown> = Promise.resolve()

  function check(): void {
    if (lost) throw lost
  }

  async function commit(writes: readonly Write[], change: (job: HeldJob) => StoredJob): Promise<StoredJob> {
    check()
    const body = change(job)
    const lines = logs.map((line, at) => logWrite(path, { n: (version + 1) * 10 + Math.min(at, 9), ...line }))
    isNews = false
    try {
      await deps.documents.batch([...writes, ...lines.slice(0, 10), { op: 'put', path, body, ifVersion: version }])
    } catch (error) {
      if (!(await hasHappened(error, body))) throw error
    }
    version += 1
    logs = []
    return body
  }

  /** Whether a batch that failed left its writes after all. Throws `LeaseLost` where it failed because the job is not ours any more. */
  async function hasHappened(error: unknown, body: StoredJob): Promise<boolean> {
    if (!(error instanceof Problem)) return false
    const now = await deps.documents.get<StoredJob>(path)
    if (now?.version === version) return false
    if (error.code === 'unavailable' && now?.version === version + 1 && canonicalJson(now.body) === canonicalJson(body)) return true
    lost = new LeaseLost(now?.body.status === 'cancelled' ? 'The job was cancelled' : 'The job is not held any more', { cause: error })
    throw lost
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = last.then(run)
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    path,
    get job() {
      return job
    },
    check,
    tell(part) {
      job = { ...job, ...part }
      isNews = true
    },
    hasNews: () => isNews,
    log(level, message) {
      logs.push({ at: formatInstant(deps.clock.nowMs()), level, message })
    },
    write: (writes) =>
      inTurn(async () => {
        await commit(writes, (body) => {
          job = extended(body, deps)
          return job
        })
      }),
    settle: (writes, change) =>
      inTurn(async () => {
        await commit(writes, change)
        lost = new LeaseLost('The job is settled')
      }),
  }
}

function extended(job: HeldJob, { clock, leaseMs }: LeaseDeps): HeldJob {
  return job.lease ? { ...job, lease: { ...job.lease, until: formatInstant(clock.nowMs() + leaseMs) } } : job
}

function logWrite(path: string, line: JobLog): Write {
  return { op: 'put', path: `${path}/logs/${line.n}`, body: JobLog.parse(line) }
}
