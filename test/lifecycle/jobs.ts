import type { House } from '../../src/app/house.ts'
import { all } from '../../src/flows/every.ts'
import type { StoredJob } from '../../src/model/job.ts'
import { ended, quickWorker } from '../worker/world.ts'

/** Every job of lifecycle that waits, run to its end by a worker of the house; under a clock that stands still. */
export async function runJobs(house: House): Promise<StoredJob[]> {
  const waiting = await all<StoredJob>(house.documents, { collection: 'jobs', index: 'queue', equals: ['pending'] })
  await using _ = quickWorker(house)
  const jobs = waiting.filter(({ body }) => body.type === 'lifecycle')
  return Promise.all(jobs.map(({ body }) => ended(house, body.jobId)))
}
