import type { House } from '../../src/app/house.ts'
import { readSamples } from '../../src/columns/parquet-reader.ts'
import { every } from '../../src/flows/every.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { sessionFile } from '../../src/flows/session-samples.ts'
import type { Day } from '../../src/model/day.ts'
import type { ImportRecord } from '../../src/model/import.ts'
import type { StoredJob } from '../../src/model/job.ts'
import { Problem } from '../../src/model/problem.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../../src/model/session.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import type { Stored } from '../../src/ports/documents.ts'
import { samplesOf } from '../fixtures/sample-tables.ts'
import type { Heard } from '../live/listener.ts'
import { type ExpectedState, type Handed, isLarge, stateAfter } from './steps.ts'

export interface Person {
  readonly lane: string
  /** The last step that was acknowledged; none is under way. */
  readonly last: number
  readonly heard: readonly Heard[]
}

/** Holds the stores, when all work is done, against what was acknowledged. Returns what is wrong. */
export async function findClusterLosses(house: House, people: readonly Person[]): Promise<string[]> {
  const wrong: string[] = []
  for (const person of people) wrong.push(...(await lossesOf(house, person)))
  const { missing, damaged } = await findStrays(house, false)
  return [
    ...wrong,
    ...missing.map((key) => `${key} is missing`),
    ...damaged.map((key) => `${key} is damaged`),
    ...(await jobsNotDone(house)),
  ]
}

async function lossesOf(house: House, { lane, last, heard }: Person): Promise<string[]> {
  const expected = stateAfter(lane, last)
  const days = await daysOf(house, lane)
  return [
    ...(await sessionLosses(house, lane, expected)),
    ...(await importLosses(house, lane, expected)),
    ...dayLosses(lane, days, expected),
    ...(await rowLosses(house, lane, days)),
    ...eventLosses(lane, heard, expected, days),
  ]
}

async function sessionLosses(house: House, lane: string, { sessions, deleted, files }: ExpectedState): Promise<string[]> {
  const wrong: string[] = []
  const [left, gone] = [new Map(sessions), new Set(deleted)]
  let imported = 0
  for await (const found of every<KeptSession>(house.documents, { collection: 'healthSessions', parent: `users/${lane}` })) {
    const { path, body } = found
    const id = path.slice(path.lastIndexOf('/') + 1)
    const session = left.get(id)
    if (isTombstone(body)) wrong.push(...(gone.delete(id) ? [] : [`${path} was never deleted`]))
    else if (session) wrong.push(...(await differences(house, session, { ...found, body })))
    else if (body.source.kind === 'phone') imported += 1
    else wrong.push(`${path} was never sent`)
    left.delete(id)
  }
  if (imported !== files) wrong.push(`${lane} has ${imported} sessions of ${files} files`)
  return [...wrong, ...[...left.keys(), ...gone].map((id) => `session ${id} of ${lane} is lost`)]
}

async function differences({ blobs }: House, handed: Handed, { path, body, version }: Stored<StoredSession>): Promise<string[]> {
  if (body.samples === undefined) return [`${path} has no samples`]
  const table = await sessionFile(blobs, body.samples).then(readSamples).catch(codeOf)
  if (typeof table === 'string') return [`the samples of ${path}: ${table}`]
  const rows = samplesOf(table)
  const kept = rows.map(({ metric, start, value }) => `${metric} ${start} ${value}`).sort()
  const sent = [...handed.heart.map(({ atMs, bpm }) => `heart_rate ${atMs} ${bpm}`), `steps ${handed.startMs} ${handed.steps}`].sort()
  const isSame = kept.length === sent.length && kept.every((sample, at) => sample === sent[at])
  return [
    ...(isLarge(handed) && body.samples.key === undefined ? [`${path} has no object`] : []),
    ...(isSame ? [] : [`${path} has ${kept.length} samples and not the ${sent.length} that were sent`]),
    ...(version === 1 && body.revision === 1 ? [] : [`${path} was written ${version} times`]),
  ]
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code
  throw error
}

async function importLosses({ documents }: House, lane: string, { files }: ExpectedState): Promise<string[]> {
  const found: ImportRecord[] = []
  for await (const { body } of every<ImportRecord>(documents, { collection: 'imports', parent: `users/${lane}` })) found.push(body)
  const open = found
    .filter(({ status }) => status !== 'completed')
    .map(({ importId, status }) => `import ${importId} of ${lane} is ${status}`)
  return found.length === files ? open : [...open, `${lane} has ${found.length} imports of ${files} files`]
}

async function daysOf({ documents }: House, lane: string): Promise<Stored<Day>[]> {
  const days: Stored<Day>[] = []
  for await (const day of every<Day>(documents, { collection: 'days', parent: `users/${lane}` })) days.push(day)
  return days
}

function dayLosses(lane: string, found: readonly Stored<Day>[], { days }: ExpectedState): string[] {
  const wrong: string[] = []
  const left = new Map(days)
  for (const { version, body } of found) {
    const { date, steps, heartRate, revision } = body
    const { average, min, max } = heartRate
    const told = JSON.stringify({ steps, ...(min !== undefined && { heartRate: { average, min, max } }) })
    const expected = JSON.stringify(left.get(date))
    if (told !== expected) wrong.push(`${date} of ${lane} is ${told} and not ${expected}`)
    if (version !== revision) wrong.push(`${date} of ${lane} has revision ${revision} and was written ${version} times`)
    left.delete(date)
  }
  return [...wrong, ...[...left.keys()].map((date) => `${date} of ${lane} is lost`)]
}

/** One row a date in the warehouse, of the day's last revision. */
async function rowLosses({ warehouse }: House, lane: string, days: readonly Stored<Day>[]): Promise<string[]> {
  const rows = (await warehouse.analytics({ userId: lane, ...everyDate })).map((row) => `${row.date} ${row.revision} ${row.totalSteps}`)
  const wanted = days.map(({ body }) => `${body.date} ${body.revision} ${body.steps}`)
  const [kept, known] = [new Set(rows), new Set(wanted)]
  return [
    ...wanted.filter((row) => !kept.has(row)).map((row) => `the row ${row} of ${lane} is not there`),
    ...rows.filter((row) => !known.has(row)).map((row) => `the row ${row} of ${lane} is no day`),
  ]
}

/** A session came once and went once; of a day each version was told once. */
function eventLosses(lane: string, heard: readonly Heard[], { sessions, deleted }: ExpectedState, days: readonly Stored<Day>[]): string[] {
  const told = new Map<string, number>()
  for (const { event, data } of heard) {
    if (!/^(session|day)\./.test(event)) continue
    const what = event.startsWith('day.') ? `day ${data.id} ${data.version}` : `${event} ${data.id}`
    told.set(what, (told.get(what) ?? 0) + 1)
  }
  const wanted = [
    ...[...sessions.keys(), ...deleted].map((id) => `session.created ${id}`),
    ...[...deleted].map((id) => `session.deleted ${id}`),
    ...days.flatMap(({ body, version }) => Array.from({ length: version }, (_, at) => `day ${body.date} ${at + 1}`)),
  ]
  const lost = wanted.filter((what) => !told.has(what)).map((what) => `${lane} was not told of ${what}`)
  const twice = [...told].filter(([, times]) => times > 1).map(([what, times]) => `${lane} was told ${times} times of ${what}`)
  return [...lost, ...twice]
}

async function jobsNotDone({ documents }: House): Promise<string[]> {
  const wrong: string[] = []
  for await (const { body } of every<StoredJob>(documents, { collection: 'jobs' }))
    if (body.status !== 'completed')
      wrong.push(`job ${body.jobId} is ${body.status} after ${body.attempts ?? 0} attempts: ${body.errors.map(({ code }) => code)}`)
  return wrong
}
