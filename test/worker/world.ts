import { setTimeout } from 'node:timers/promises'
import type { House } from '../../src/app/house.ts'
import { startWorker, type WorkerOptions } from '../../src/app/worker.ts'
import { queueJob } from '../../src/flows/queue-job.ts'
import type { JobType, StoredJob } from '../../src/model/job.ts'
import type { Stored } from '../../src/ports/documents.ts'
import type { WorkerEvent } from '../../src/worker/worker.ts'

/** The times of a worker, shorter: what waits for them in a test waits for a condition. */
export const quick = { pollMs: 10, tellMs: 20, heartbeatMs: 100, leaseMs: 600, firstRetryMs: 10, graceMs: 5000 }

export function quickWorker(
  house: House,
  options: WorkerOptions = {},
): AsyncDisposable & { readonly events: WorkerEvent[]; stop(): Promise<void> } {
  const events: WorkerEvent[] = []
  const { times, ...rest } = options
  const worker = startWorker(house, { onEvent: (event) => events.push(event), slots: 4, ...rest, times: { ...quick, ...times } })
  return { events, stop: () => worker.stop(), [Symbol.asyncDispose]: () => worker.stop() }
}

export async function queued(
  house: House,
  jobId: string,
  type: JobType,
  rest: { userId?: string; input?: StoredJob['input'] } = {},
): Promise<string> {
  await house.documents.batch([queueJob({ jobId, type, input: {}, nowMs: house.clock.nowMs(), ...rest })])
  return jobId
}

export async function jobOf(house: House, jobId: string): Promise<Stored<StoredJob>> {
  const found = await house.documents.get<StoredJob>(`jobs/${jobId}`)
  if (found === undefined) throw new Error(`no job ${jobId}`)
  return found
}

/** The job, as soon as it is what `wanted` says. */
export async function until(house: House, jobId: string, wanted: (job: StoredJob) => boolean): Promise<StoredJob> {
  for (;;) {
    const { body } = await jobOf(house, jobId)
    if (wanted(body)) return body
    await setTimeout(5)
  }
}

export function ended(house: House, jobId: string): Promise<StoredJob> {
  return until(house, jobId, ({ status }) => status !== 'pending' && status !== 'processing')
}

export async function logOf(house: House, jobId: string): Promise<string[]> {
  const { data } = await house.documents.list<{ message: string }>({
    collection: 'jobLogs',
    parent: `jobs/${jobId}`,
    index: 'at',
    limit: 1000,
  })
  return data.map(({ body }) => body.message)
}
