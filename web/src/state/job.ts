import { useEffect, useState } from 'react'
import type { Job } from '../../../src/model/job.ts'
import { client } from './client.ts'
import { reconnecting, reportEnd } from './reconnecting.ts'

/** A job as it moves, until it is over. */
export function useJob(jobId: string | undefined): Job | undefined {
  const [job, setJob] = useState<Job>()
  useEffect(() => {
    if (jobId === undefined) return undefined
    const ended = new AbortController()
    follow(jobId, ended.signal, setJob).catch((error: unknown) => reportEnd(ended.signal, error))
    return () => ended.abort()
  }, [jobId])
  return job
}

async function follow(jobId: string, signal: AbortSignal, show: (job: Job) => void): Promise<void> {
  for await (const { data } of reconnecting(signal, () => client.followJob({ params: { jobId }, signal }))) {
    const job = data as Job
    show(job)
    if (job.status !== 'pending' && job.status !== 'processing') return
  }
}
