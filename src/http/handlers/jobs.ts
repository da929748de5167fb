import type { jobsApi } from '../../api/jobs.ts'
import { type AskBackupDeps, askBackup } from '../../flows/ask-backup.ts'
import { askEvaluation } from '../../flows/ask-evaluation.ts'
import { askJob, refusal } from '../../flows/ask-job.ts'
import { askReseal } from '../../flows/ask-reseal.ts'
import { type FollowedJob, type FollowJobDeps, followJob } from '../../flows/follow-job.ts'
import { cancelJob, type JobDeps, type MaySee, requireJob, retryJob, spokenJob } from '../../flows/manage-jobs.ts'
import type { AskedJob } from '../../model/asked-job.ts'
import { inOrder } from '../../model/in-order.ts'
import { JobLog, type StoredJob } from '../../model/job.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Principal } from '../../model/principal.ts'
import { Problem } from '../../model/problem.ts'
import type { ListQuery, Stored } from '../../ports/documents.ts'
import type { Handlers, SentEvent } from '../call.ts'
import { listPage } from '../list-page.ts'

export const jobsHandlers: Handlers<typeof jobsApi, JobDeps & FollowJobDeps & AskBackupDeps> = {
  async createJob(deps, { principal, body, callId }) {
    const jobId = `job_${callId}`
    const job = await asked(deps, jobId, principal, body)
    return { ...answerOf(job), status: 202, location: `/v1/jobs/${job.body.jobId}` }
  },
  async listJobs({ documents }, call) {
    const { data, ...next } = await listPage<StoredJob>(documents, queryOf(call.principal, call.query), call)
    return { body: { data: data.filter(({ body }) => maySee(call.principal)(body)).map(({ body }) => spokenJob(body)), ...next } }
  },
  async getJob(deps, { principal, params }) {
    return answerOf(await requireJob(deps, params.jobId, maySee(principal)))
  },
  async cancelJob(deps, { principal, params }) {
    return answerOf(await cancelJob(deps, params.jobId, maySee(principal)))
  },
  async retryJob(deps, { principal, params }) {
    return answerOf(await retryJob(deps, params.jobId, maySee(principal)))
  },
  async followJob(deps, call) {
    const after = versionIn(call.header('last-event-id'))
    const { jobId } = call.params
    // Here and not in the stream, where a problem could not be told any more.
    await requireJob(deps, jobId, maySee(call.principal))
    const { signal } = call
    return { events: sent(followJob(deps, { jobId, signal, mayStill: () => call.mayStill(), ...(after !== undefined && { after }) })) }
  },
  async listJobLogs({ documents }, call) {
    await requireJob({ documents }, call.params.jobId, maySee(call.principal))
    const query = { collection: 'jobLogs', parent: `jobs/${call.params.jobId}`, index: 'at' }
    const { data, ...next } = await listPage<JobLog>(documents, query, call)
    return { body: { data: data.map(({ body }) => inOrder(JobLog, body)), ...next } }
  },
}

function asked(deps: JobDeps & AskBackupDeps, jobId: string, principal: Principal, body: AskedJob): Promise<Stored<StoredJob>> {
  if (body.type === 'backup') return askBackup(deps, jobId, forAll(principal, body))
  if (body.type === 'model_evaluation') return askEvaluation(deps, jobId, forAll(principal, body))
  if (body.type === 'reseal') return askReseal(deps, jobId, byOperator(principal, body))
  return askJob(deps, { jobId, userId: ownerOf(principal, body.userId), asked: body })
}

function answerOf({ version, body }: Stored<StoredJob>) {
  return { body: spokenJob(body), version }
}

function versionIn(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined) return undefined
  if (!/^[1-9]\d{0,14}$/.test(lastEventId)) throw new Problem('bad_header', 'Last-Event-ID is not one of this feed.')
  return Number(lastEventId)
}

async function* sent(followed: AsyncIterable<FollowedJob>): AsyncGenerator<SentEvent> {
  for await (const { version, job } of followed) yield { id: String(version), event: 'job', data: job }
}

/** A person sees their own, a service those of people, an operator and the machine's owner all: ids and progress, no health values. */
function maySee(principal: Principal): MaySee {
  if ('userId' in principal) return ({ userId }) => userId === principal.userId
  return principal.kind === 'operator' || principal.scopes.includes('system:read') ? () => true : ({ userId }) => userId !== undefined
}

function ownerOf(principal: Principal, userId: string | undefined): string {
  if ('userId' in principal) {
    if (userId !== undefined && userId !== principal.userId) throw nothingThere()
    return principal.userId
  }
  if (principal.kind === 'service' && userId !== undefined) return userId
  if (principal.kind === 'service') throw missingUser()
  throw new Problem('forbidden', 'Analyses are asked for by people and the services of their app.')
}

/** Work that only who runs the system may ask for. */
function byOperator(principal: Principal, asked: AskedJob): AskedJob {
  if (principal.kind !== 'operator') throw new Problem('forbidden', 'Jobs of this type are asked for by operators.')
  return asked
}

/** Work on everybody's data, which only who runs the system may ask for. */
function forAll(principal: Principal, asked: AskedJob): AskedJob {
  byOperator(principal, asked)
  if (asked.userId !== undefined) throw refusal('/userId', 'unknown_field', 'Such a job is over everybody.')
  return asked
}

function missingUser(): Problem {
  const message = 'Whose data? Name userId.'
  return new Problem('required', message, { errors: [{ pointer: '/userId', code: 'required', message }] })
}

interface JobsQuery {
  readonly status?: string | undefined
  readonly person?: string | undefined
}

function queryOf(principal: Principal, { status, person }: JobsQuery): Omit<ListQuery, 'limit' | 'cursor'> {
  if ('userId' in principal && person !== undefined && person !== principal.userId)
    throw new Problem('unknown_parameter', 'The parameter person is for services and operators.')
  const userId = 'userId' in principal ? principal.userId : person
  const collection = 'jobs'
  if (userId !== undefined && status !== undefined) return { collection, index: 'owner', equals: [userId, status] }
  if (userId !== undefined) return { collection, index: 'user', equals: [userId] }
  return status === undefined ? { collection } : { collection, index: 'queue', equals: [status] }
}
