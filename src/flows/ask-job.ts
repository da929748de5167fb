import type { AskedJob } from '../model/asked-job.ts'
import { AskedBackup } from '../model/backup.ts'
import type { StoredJob } from '../model/job.ts'
import type { ModelCard } from '../model/model-card.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import type { StoredSession } from '../model/session.ts'
import type { Stored } from '../ports/documents.ts'
import { type JobDeps, requireJob } from './manage-jobs.ts'
import { findUser } from './manage-user.ts'
import { nightModel } from './model-versions.ts'
import { queueJob } from './queue-job.ts'

export interface Asking {
  readonly jobId: string
  /** Whose data the job works on. */
  readonly userId: string
  readonly asked: AskedJob
}

/**
 * Queues a job that a caller may start; asked again with the same id it is the same job. Throws `Problem`: `not_found` for a person or a session
 * that is not theirs, `model_unavailable`, and `invalid_enum` for a type that is not started this way.
 */
export async function askJob(deps: JobDeps, { jobId, userId, asked }: Asking): Promise<Stored<StoredJob>> {
  const { type, priority, input } = asked
  refuseType(type)
  refuseFields(input, (name) => Object.hasOwn(AskedBackup.shape, name))
  if ((await findUser(deps, userId)) === undefined) throw nothingThere()
  if (input.modelVersion !== undefined) await requireModel(deps, input.modelVersion)
  const dates = await datesOfSessions(deps, userId, input.dataSessionIds ?? [])
  const all = [...new Set([...dates, ...(input.dates ?? [])])].sort()
  if (all.length === 0) throw refusal('/input', 'required', 'Name dates or dataSessionIds.')
  const request = { jobId, userId, type, ...(priority && { priority }), input: { ...input, dates: all }, nowMs: deps.clock.nowMs() }
  try {
    await deps.documents.batch([queueJob(request)])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
  return requireJob(deps, jobId)
}

/** What to do instead, for each type that is not asked for by itself. */
const instead: Readonly<Partial<Record<AskedJob['type'], string>>> = {
  import: 'Send the file to /v1/users/{userId}/imports.',
  export: 'POST /v1/users/{userId}/export.',
  erase: 'DELETE /v1/users/{userId}.',
  trends: 'They follow the days by themselves; `clarity trends` makes those of one person at once.',
}

function refuseType(type: AskedJob['type']): void {
  if (type === 'health_analysis') return
  throw refusal('/type', 'invalid_enum', instead[type] ?? 'Jobs of this type cannot be asked for yet.')
}

/** Throws `Problem('unknown_field')` for a field that belongs to another type of job. */
export function refuseFields(input: object, isForeign: (name: string) => boolean): void {
  const name = Object.keys(input).find(isForeign)
  if (name !== undefined) throw refusal(`/input/${name}`, 'unknown_field', 'Jobs of this type take no such field.')
}

export function refusal(pointer: string, code: 'invalid_enum' | 'required' | 'unknown_field', message: string): Problem {
  return new Problem(code, message, { errors: [{ pointer, code, message }] })
}

const MODEL = `models/${nightModel}`

/** Throws `Problem('model_unavailable')`. */
export async function requireModel({ documents }: Pick<JobDeps, 'documents'>, version: string): Promise<void> {
  const isName = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(version)
  const found = isName ? await documents.get(`${MODEL}/versions/${version}`) : undefined
  const card = (await documents.get<ModelCard>(MODEL))?.body
  if (found === undefined || card?.deployment?.status === 'retired')
    throw new Problem('model_unavailable', 'There is no such model version.')
}

async function datesOfSessions({ documents }: JobDeps, userId: string, ids: readonly string[]): Promise<string[]> {
  const dates: string[] = []
  for (const id of new Set(ids)) {
    const session = await documents.get<StoredSession>(`users/${userId}/healthSessions/${id}`)
    if (session === undefined) throw nothingThere()
    dates.push(session.body.localDate)
  }
  return dates
}
