import { z } from 'zod'
import { AskedJob } from '../model/asked-job.ts'
import { Job, JobLog } from '../model/job.ts'
import { Id } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const reply = { type: 'json', status: 200, schema: Job } as const

export const jobsApi = {
  createJob: {
    method: 'post',
    path: '/v1/jobs',
    summary: 'Start a job: the analysis of dates or sessions',
    scope: 'jobs:write',
    audit: 'write',
    body: { type: 'json', schema: AskedJob, maxBytes: 1 << 20 },
    reply: { type: 'json', status: 202, schema: Job },
    problems: ['not_found', 'model_unavailable'],
    examples: { body: { type: 'health_analysis', priority: 'high', input: { dates: ['2024-01-20'] } } },
  },
  listJobs: {
    method: 'get',
    path: '/v1/jobs',
    summary: 'List jobs, oldest first: one’s own, or all for an operator',
    scope: 'jobs:read',
    audit: 'read',
    query: z.object({
      ...pageQuery,
      status: z
        .enum(['pending', 'processing', 'completed', 'failed', 'cancelled'])
        .optional()
        .meta({ description: 'Only jobs of this status.' }),
      person: Id.optional().meta({ description: 'Only jobs about this person; for services and operators.' }),
    }),
    reply: { type: 'json', status: 200, schema: pageOf(Job) },
    problems: ['not_found'],
  },
  getJob: {
    method: 'get',
    path: '/v1/jobs/{jobId}',
    summary: 'Read a job: how far it is, what came out of it',
    scope: 'jobs:read',
    audit: 'read',
    reply,
    problems: ['not_found'],
    versioned: 'read',
  },
  cancelJob: {
    method: 'post',
    path: '/v1/jobs/{jobId}/cancel',
    summary: 'Cancel a job that is not finished',
    scope: 'jobs:write',
    audit: 'write',
    reply,
    problems: ['not_found', 'job_finished'],
  },
  retryJob: {
    method: 'post',
    path: '/v1/jobs/{jobId}/retry',
    summary: 'Try a failed job again, or one that waits for its next attempt at once',
    scope: 'jobs:write',
    audit: 'write',
    reply,
    problems: ['not_found', 'job_finished', 'conflict'],
  },
  followJob: {
    method: 'get',
    path: '/v1/jobs/{jobId}/events',
    summary:
      'Follow a job until it is over: server-sent events `job`, each the job as it stands by then, the first at once; the id is its version, and `Last-Event-ID` resumes after it.',
    scope: 'jobs:read',
    audit: 'read',
    reply: { type: 'events', status: 200 },
    problems: ['not_found', 'bad_header'],
  },
  listJobLogs: {
    method: 'get',
    path: '/v1/jobs/{jobId}/logs',
    summary: 'Read what a job wrote down, oldest first',
    scope: 'jobs:read',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(JobLog) },
    problems: ['not_found'],
  },
} as const satisfies Api
