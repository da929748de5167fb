import { expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { workerTimes } from '../../src/app/worker.ts'
import { queueJob } from '../../src/flows/queue-job.ts'
import { jobClaimer } from '../../src/worker/claim-jobs.ts'

const nothingToDo = { trends: { run: async () => ({ output: {} }) } }

test('with the times of the house, a job whose worker is killed has another within 15 s of its last heartbeat, and not while it may live', async () => {
  const time = { ms: Date.UTC(2026, 0, 1) }
  const documents = openSqliteDocuments('sqlite::memory:')
  const claimerOf = (worker: string) =>
    jobClaimer({
      documents,
      clock: { nowMs: () => time.ms },
      timer: { elapsedMs: () => time.ms, wait: async () => undefined },
      tasks: nothingToDo,
      worker,
      leaseMs: workerTimes.leaseMs,
    })
  await documents.batch([queueJob({ jobId: 'j', userId: 'robin', type: 'trends', input: {}, nowMs: time.ms })])
  const [held] = await claimerOf('killed')(1, new Set())
  expect(held?.body.lease).toMatchObject({ worker: 'killed' })
  const other = claimerOf('other')
  time.ms += workerTimes.leaseMs - 1
  expect(await other(1, new Set())).toEqual([])
  // Whoever looks every `pollMs` has looked once more by then.
  time.ms += 15_000 - workerTimes.pollMs - (workerTimes.leaseMs - 1)
  const [taken] = await other(1, new Set())
  expect(taken?.body).toMatchObject({ jobId: 'j', attempts: 2, lease: { worker: 'other' } })
  expect(taken?.body.lease?.fence).toBeGreaterThan(held?.body.lease?.fence ?? Number.POSITIVE_INFINITY)
  expect(workerTimes.heartbeatMs).toBeLessThanOrEqual(5000)
  await documents.close()
})
