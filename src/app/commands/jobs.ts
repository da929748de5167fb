import { all } from '../../flows/every.ts'
import { cancelJob, requireJob, retryJob, spokenJob } from '../../flows/manage-jobs.ts'
import type { Job, StoredJob } from '../../model/job.ts'
import { Problem } from '../../model/problem.ts'
import { idPattern } from '../../model/text.ts'
import type { Command, Run } from '../command.ts'
import { type House, openHouse } from '../house.ts'

export const jobs: Command = {
  summary: 'Work to be done and done: list it, look at one, cancel it, try it again.',
  takesWords: true,
  usage: '[list [--status WORD] | show ID | cancel ID | retry ID]',
  flags: { status: { value: 'WORD', help: 'only pending, processing, completed, failed or cancelled ones' } },
  async run(run) {
    const [verb = 'list', jobId, ...more] = run.positionals
    if (more.length > 0 || (verb === 'list') === (jobId !== undefined)) throw wrongUse()
    await using house = await openHouse(run.config, 'clarity jobs')
    if (jobId === undefined) for (const job of await listed(house, run)) run.out(line(run, job))
    else run.out(`${JSON.stringify(spokenJob(await changed(house, verb, jobId)), null, run.json ? 0 : 2)}\n`)
    return 0
  },
}

const statuses: readonly string[] = ['pending', 'processing', 'completed', 'failed', 'cancelled'] satisfies Job['status'][]

async function listed({ documents }: House, { flags }: Run): Promise<StoredJob[]> {
  const { status } = flags
  if (status !== undefined && !statuses.includes(status)) throw new Problem('wrong_use', `--status is one of ${statuses.join(', ')}.`)
  const query = status === undefined ? { collection: 'jobs' } : { collection: 'jobs', index: 'queue', equals: [status] }
  return (await all<StoredJob>(documents, query)).map(({ body }) => body)
}

async function changed(house: House, verb: string, jobId: string): Promise<StoredJob> {
  if (!idPattern.test(jobId)) throw new Problem('invalid_id', 'A job’s id has 1 to 128 letters, digits, _ or -.')
  const verbs = { show: requireJob, cancel: cancelJob, retry: retryJob } as const
  if (!Object.hasOwn(verbs, verb)) throw wrongUse()
  return (await verbs[verb as keyof typeof verbs](house, jobId)).body
}

function line({ json }: Run, job: StoredJob): string {
  const { jobId, type, status, createdAt, progress, errors } = job
  if (json) return `${JSON.stringify(spokenJob(job))}\n`
  const reached = status === 'processing' && progress ? `  ${progress.stage} ${progress.percentage} %` : ''
  const why = status === 'failed' ? `  ${errors.at(-1)?.code}` : ''
  return `${jobId}  ${type}  ${status}${reached}${why}  ${createdAt}\n`
}

function wrongUse(): Problem {
  return new Problem('wrong_use', 'Say jobs, jobs list, or jobs show, cancel or retry ID.')
}
