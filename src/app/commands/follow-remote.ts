import type { Job } from '../../model/job.ts'
import { Problem } from '../../model/problem.ts'
import type { Remote } from '../remote.ts'

/** How often a stream that broke is taken up again before it is given up, a second apart. */
const MOST_TRIES = 30

/** The job once it is over. */
export async function followedJob(remote: Remote, jobId: string): Promise<Job> {
  let last: Job | undefined
  for await (const job of following(remote, jobId)) last = job
  if (last === undefined) throw new Problem('unavailable', 'The server told nothing of the job.')
  return last
}

/** The job until it is over, over as many connections as it takes. */
export async function* following(remote: Remote, jobId: string): AsyncGenerator<Job> {
  let last: Followed = { id: undefined, isOver: false }
  for (let tries = 0; !last.isOver; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 1000))
    try {
      for await (const { id, job } of connection(remote, jobId, last.id)) {
        last = { id, isOver: isOver(job) }
        tries = 0
        yield job
      }
    } catch (error) {
      if (!isPassing(error) || tries >= MOST_TRIES) throw error
    }
  }
}

function isOver({ status }: Job): boolean {
  return status !== 'pending' && status !== 'processing'
}

function isPassing(error: unknown): boolean {
  return error instanceof Problem && error.code === 'unavailable'
}

interface Followed {
  readonly id: string | undefined
  readonly isOver: boolean
}

async function* connection(remote: Remote, jobId: string, lastEventId: string | undefined): AsyncGenerator<{ id: string; job: Job }> {
  const { events } = await remote.followJob({ params: { jobId }, ...(lastEventId !== undefined && { lastEventId }) })
  for await (const { id, data } of events) yield { id, job: data as Job }
}
