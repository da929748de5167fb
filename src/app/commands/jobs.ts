import { every } from '../../flows/every.ts'
import { cancelJob, requireJob, retryJob, spokenJob } from '../../flows/manage-jobs.ts'
import { inOrder } from '../../model/in-order.ts'
import { type Job, JobLog, type StoredJob } from '../../model/job.ts'
import { Problem } from '../../model/problem.ts'
import { idPattern } from '../../model/text.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { House } from '../house.ts'
import { pages, type Remote } from '../remote.ts'

export const jobs: Command = {
  summary: 'Work to be done and done: list it, look at one, cancel it, try it again, read its log.',
  takesWords: true,
  usage: '[list [--status WORD] | show ID | cancel ID | retry ID | logs ID]',
  flags: { status: { value: 'WORD', help: 'only pending, processing, completed, failed or cancelled ones' } },
  isRemote: true,
  async run(run) {
    const [verb = 'list', jobId, ...more] = run.positionals
    if (more.length > 0 || (verb === 'list') === (jobId !== undefined)) throw wrongUse()
    const act = tellers[verb]
    if (act === undefined) throw wrongUse()
    if (jobId !== undefined && !idPattern.test(jobId)) throw new Problem('invalid_id', 'A job’s id has 1 to 128 letters, digits, _ or -.')
    await using opened = new AsyncDisposableStack()
    const board = run.remote
      ? boardAt(run.remote)
      : boardIn(opened.use(await openAccounted(run.config, 'clarity jobs', { action: ['cancel', 'retry'].includes(verb) ? 'U' : 'R' })))
    await act(board, run, jobId ?? '')
    return 0
  },
}

interface Board {
  list(status: Job['status'] | undefined): AsyncIterable<Job>
  show(jobId: string): Promise<Job>
  cancel(jobId: string): Promise<Job>
  retry(jobId: string): Promise<Job>
  logs(jobId: string): AsyncIterable<JobLog>
}

function boardIn(house: House): Board {
  const { documents } = house
  return {
    async *list(status) {
      const query = status === undefined ? { collection: 'jobs' } : { collection: 'jobs', index: 'queue', equals: [status] }
      for await (const { body } of every<StoredJob>(documents, query)) yield spokenJob(body)
    },
    show: async (jobId) => spokenJob((await requireJob(house, jobId)).body),
    cancel: async (jobId) => spokenJob((await cancelJob(house, jobId)).body),
    retry: async (jobId) => spokenJob((await retryJob(house, jobId)).body),
    async *logs(jobId) {
      await requireJob(house, jobId)
      const query = { collection: 'jobLogs', parent: `jobs/${jobId}`, index: 'at' }
      for await (const { body } of every<JobLog>(documents, query)) yield inOrder(JobLog, body)
    },
  }
}

function boardAt(remote: Remote): Board {
  return {
    list: (status) => pages((page) => remote.listJobs({ query: { ...page, ...(status && { status }) } })),
    show: async (jobId) => (await remote.getJob({ params: { jobId } })).body,
    cancel: async (jobId) => (await remote.cancelJob({ params: { jobId } })).body,
    retry: async (jobId) => (await remote.retryJob({ params: { jobId } })).body,
    logs: (jobId) => pages((query) => remote.listJobLogs({ params: { jobId }, query })),
  }
}

const tellers: Readonly<Record<string, (board: Board, run: Run, jobId: string) => Promise<void>>> = {
  async list(board, run) {
    for await (const job of board.list(statusIn(run))) run.out(line(run, job))
  },
  show: async (board, run, jobId) => tell(run, await board.show(jobId)),
  cancel: async (board, run, jobId) => tell(run, await board.cancel(jobId)),
  retry: async (board, run, jobId) => tell(run, await board.retry(jobId)),
  async logs(board, run, jobId) {
    for await (const log of board.logs(jobId)) run.out(run.json ? `${JSON.stringify(log)}\n` : `${log.at}  ${log.level}  ${log.message}\n`)
  },
}

const statuses = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const satisfies Job['status'][]

function statusIn({ flags: { status } }: Run): Job['status'] | undefined {
  const known = statuses.find((each) => each === status)
  if (status !== undefined && known === undefined) throw new Problem('wrong_use', `--status is one of ${statuses.join(', ')}.`)
  return known
}

function tell({ json, out }: Run, job: Job): void {
  out(`${JSON.stringify(job, null, json ? 0 : 2)}\n`)
}

function line({ json }: Run, job: Job): string {
  const { jobId, type, status, createdAt, progress, errors } = job
  if (json) return `${JSON.stringify(job)}\n`
  const reached = status === 'processing' && progress ? `  ${progress.stage} ${progress.percentage} %` : ''
  const why = status === 'failed' ? `  ${errors.at(-1)?.code}` : ''
  return `${jobId}  ${type}  ${status}${reached}${why}  ${createdAt}\n`
}

function wrongUse(): Problem {
  return new Problem('wrong_use', 'Say jobs, jobs list, or jobs show, cancel, retry or logs ID.')
}
