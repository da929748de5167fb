import { afterAll, beforeAll, expect, test } from 'vitest'
import { daysApi } from '../../src/api/days.ts'
import { insightsApi } from '../../src/api/insights.ts'
import { trendsApi } from '../../src/api/trends.ts'
import { usersApi } from '../../src/api/users.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { makeGrant } from '../../src/flows/grants.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { insightsHandlers } from '../../src/http/handlers/insights.ts'
import { trendsHandlers } from '../../src/http/handlers/trends.ts'
import { usersHandlers } from '../../src/http/handlers/users.ts'
import type { StoredJob } from '../../src/model/job.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'

const kept = await temporaryHouse()
let nowMs = Date.parse('2024-06-20T12:00:00Z')
const house = { ...kept, clock: { nowMs: () => nowMs } }
const ask = asking(
  {
    api: { ...daysApi, ...insightsApi, ...trendsApi, ...usersApi },
    handlers: { ...daysHandlers, ...insightsHandlers, ...trendsHandlers, ...usersHandlers },
    deps: house,
  },
  house,
)
afterAll(() => kept[Symbol.asyncDispose]())

const dates = ['2024-06-12', '2024-06-13', '2024-06-14']
const walk = (device: 'phone' | 'watch', date: string, count: number) => steps(device, date, '08:00', '09:00', count)
const firstMade = '2024-06-20T12:00:00Z'
const secondMade = '2024-06-21T12:00:00Z'

/** Three days that the phone counted; a day later the watch hands in its share of the middle one. */
beforeAll(async () => {
  await imported(house, sourceOf(exportText(dates.map((date, index) => walk('phone', date, 1000 + index)))), 'America/New_York')
  nowMs = Date.parse(secondMade)
  await imported(house, sourceOf(exportText([walk('watch', '2024-06-13', 700)])), 'America/New_York')
})

const stepsOf = (days: { date: string; steps?: number; revision: number }[]) =>
  days.map(({ date, steps: count, revision }) => [date, count, revision])

test('days come by date, in the order of their schema, each with its version', async () => {
  const { status, body } = await ask('robin', 'GET /v1/users/robin/days')
  expect(status).toBe(200)
  expect(stepsOf(body.data)).toEqual([
    ['2024-06-12', 1000, 1],
    ['2024-06-13', 700, 2],
    ['2024-06-14', 1002, 1],
  ])
  const one = await ask('robin', 'GET /v1/users/robin/days/2024-06-13')
  expect(one).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: body.data[1] })
  expect(Object.keys(one.body).slice(0, 3)).toEqual(['userId', 'date', 'zone'])
  expect(await ask('robin', 'GET /v1/users/robin/days/2024-06-13', { headers: { 'if-none-match': '"2"' } })).toMatchObject({ status: 304 })
})

test('days are asked for from and to a date, both included, page by page', async () => {
  const range = 'from=2024-06-12&to=2024-06-13'
  expect((await ask('robin', `GET /v1/users/robin/days?${range}`)).body.data).toHaveLength(2)
  expect((await ask('robin', 'GET /v1/users/robin/days?to=9999-12-31')).body.data).toHaveLength(3)
  const first = (await ask('robin', `GET /v1/users/robin/days?${range}&limit=1`)).body
  expect(stepsOf(first.data)).toEqual([['2024-06-12', 1000, 1]])
  const second = (await ask('robin', `GET /v1/users/robin/days?${range}&limit=5&cursor=${first.nextCursor}`)).body
  expect(stepsOf(second.data)).toEqual([['2024-06-13', 700, 2]])
  expect(second).not.toHaveProperty('nextCursor')
})

test('102, 105: a range backwards, a date that is none and a cursor of another list are refused', async () => {
  const { nextCursor } = (await ask('robin', 'GET /v1/users/robin/days?limit=1')).body
  await ask('service:', 'POST /v1/users', { body: { userId: 'sam', profile: { email: 'sam@example.org', displayName: 'Sam' } } })
  for (const [what, code] of [
    ['days?from=2024-06-14&to=2024-06-13', 'bad_parameter'],
    ['days?from=2024-02-30', 'bad_parameter'],
    ['days?asOf=2024-06-20', 'bad_parameter'],
    [`days?limit=1&from=2024-06-12&cursor=${nextCursor}`, 'bad_cursor'],
    [`insights?cursor=${nextCursor}`, 'bad_cursor'],
    [`analytics?cursor=${nextCursor}`, 'bad_cursor'],
    ['trends', 'bad_parameter'],
    ['trends?type=daily', 'bad_parameter'],
  ])
    expect((await ask('robin', `GET /v1/users/robin/${what}`)).body, what).toMatchObject({ status: 400, code })
  expect((await ask('sam', `GET /v1/users/sam/days?limit=1&cursor=${nextCursor}`)).body).toMatchObject({ status: 400, code: 'bad_cursor' })
})

test('what a day and an insight said before stays readable, and before they were made they were not', async () => {
  const day = (asOf: string) => ask('robin', `GET /v1/users/robin/days/2024-06-13?asOf=${asOf}`)
  expect((await day(firstMade)).body).toMatchObject({ steps: 1001, revision: 1 })
  expect((await day('2024-06-21T11:59:59.999999Z')).body).toMatchObject({ steps: 1001, revision: 1 })
  expect((await day('2024-06-21T08:00:00-04:00')).body).toMatchObject({ steps: 700, revision: 2 })
  expect((await day(firstMade)).headers).not.toHaveProperty('etag')
  expect((await day('2024-06-20T11:59:59Z')).status).toBe(404)
  const list = async (asOf: string) =>
    stepsOf((await ask('robin', `GET /v1/users/robin/days?asOf=${asOf}`)).body.data).map(([, count]) => count)
  expect(await list(firstMade)).toEqual([1000, 1001, 1002])
  expect(await list(secondMade)).toEqual([1000, 700, 1002])
  expect(await list('2024-06-01T00:00:00Z')).toEqual([])

  const insight = (asOf: string) => ask('robin', `GET /v1/users/robin/insights/daily/2024-06-13?asOf=${asOf}`)
  expect((await insight(firstMade)).body).toMatchObject({ revision: 1, data: { activityAnalysis: { totalSteps: 1001 } } })
  expect((await insight(secondMade)).body).toMatchObject({ revision: 2, data: { activityAnalysis: { totalSteps: 700 } } })
  expect((await insight('2024-06-20T11:59:59Z')).status).toBe(404)
  const told = await ask('robin', `GET /v1/users/robin/insights?asOf=${firstMade}`)
  expect(told.body.data.map(({ revision }: { revision: number }) => revision)).toEqual([1, 1, 1])
})

test('insights come newest first, by either name of their type', async () => {
  const { body } = await ask('robin', 'GET /v1/users/robin/insights?limit=2')
  expect(body.data.map(({ date }: { date: string }) => date)).toEqual(['2024-06-14', '2024-06-13'])
  const rest = await ask('robin', `GET /v1/users/robin/insights?limit=2&cursor=${body.nextCursor}`)
  expect(rest.body.data.map(({ date }: { date: string }) => date)).toEqual(['2024-06-12'])
  const day = await ask('robin', 'GET /v1/users/robin/insights?from=2024-06-13&to=2024-06-13&type=daily_summary')
  expect(day.body.data).toHaveLength(1)
  expect((await ask('robin', 'GET /v1/users/robin/insights?type=weekly_summary')).body.data).toEqual([])
  const one = await ask('robin', 'GET /v1/users/robin/insights/daily/2024-06-13')
  expect(one).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: day.body.data[0] })
  expect(Object.keys(one.body).slice(0, 3)).toEqual(['insightId', 'userId', 'date'])
  expect((await ask('robin', 'GET /v1/users/robin/insights/daily_summary/2024-06-13')).body).toEqual(one.body)
})

test('what is not there, and what is somebody else’s, is not found', async () => {
  for (const what of ['days/2024-06-11', 'days/2024-02-30', 'insights/daily/2024-06-11', 'insights/weekly/2024-06-13'])
    expect((await ask('robin', `GET /v1/users/robin/${what}`)).body, what).toMatchObject({ status: 404, code: 'not_found' })
  for (const what of ['days', 'days/2024-06-13', 'insights', 'insights/daily/2024-06-13', 'trends?type=weekly', 'analytics']) {
    expect((await ask('stranger', `GET /v1/users/robin/${what}`)).body, what).toMatchObject({ status: 404 })
    expect((await ask('nobody', `GET /v1/users/nobody/${what}`)).body, what).toMatchObject({ status: 404 })
    expect((await ask('operator:', `GET /v1/users/robin/${what}`)).body, what).toMatchObject({ status: 403 })
  }
})

test('an insight that is to be made again is a job, one for each call', async () => {
  const headers = { 'idempotency-key': 'again' }
  const first = await ask('robin', 'POST /v1/users/robin/insights/daily/2024-06-13', { headers })
  expect(first).toMatchObject({ status: 202, body: { type: 'health_analysis', status: 'pending' } })
  expect(first.headers.location).toBe(`/v1/jobs/${first.body.jobId}`)
  expect((await ask('robin', 'POST /v1/users/robin/insights/daily/2024-06-13', { headers })).body).toEqual(first.body)
  const job = await house.documents.get<StoredJob>(`jobs/${first.body.jobId}`)
  expect(job?.body).toMatchObject({ userId: 'robin', input: { dates: ['2024-06-13'] } })
  expect((await ask('robin', 'POST /v1/users/robin/insights/weekly/2024-06-13')).status).toBe(404)
  expect((await ask('robin', 'POST /v1/users/robin/insights/daily/2024-02-30')).status).toBe(404)
  expect((await ask('stranger', 'POST /v1/users/robin/insights/daily/2024-06-13')).status).toBe(404)
})

test('the rows of the warehouse are told page by page, and where there are none, why', async () => {
  await drainOutbox(house)
  const { body } = await ask('robin', 'GET /v1/users/robin/analytics?limit=2')
  expect(body.data.map(({ date, totalSteps }: { date: string; totalSteps: number }) => [date, totalSteps])).toEqual([
    ['2024-06-12', 1000],
    ['2024-06-13', 700],
  ])
  expect(body.reasons).toEqual([])
  const rest = await ask('robin', `GET /v1/users/robin/analytics?limit=2&cursor=${body.nextCursor}`)
  expect(rest.body.data.map(({ date }: { date: string }) => date)).toEqual(['2024-06-14'])
  expect(rest.body).not.toHaveProperty('nextCursor')
  expect((await ask('robin', 'GET /v1/users/robin/analytics?from=2024-06-13&to=2024-06-13')).body.data).toHaveLength(1)
  const trend = {
    userId: 'robin',
    trendType: 'weekly' as const,
    periodStart: '2024-06-10',
    periodEnd: '2024-06-16',
    trendData: { days: 7 },
    revision: 1,
    calculatedAt: '2024-06-20T12:00:00.000000Z',
  }
  await house.warehouse.putTrends([trend])
  expect((await ask('robin', 'GET /v1/users/robin/trends?type=weekly')).body).toEqual({ data: [trend], changes: [], reasons: [] })
  const change = {
    userId: 'robin',
    changeId: 'level_shift_total_steps_20240613',
    kind: 'level_shift',
    metric: 'total_steps',
    unit: '{steps}',
    date: '2024-06-13',
    noticedOn: '2024-06-23',
    before: 4000,
    after: 9000,
    p: 0.0005,
  }
  await house.documents.batch([{ op: 'put', path: `users/robin/changes/${change.changeId}`, body: change }])
  expect((await ask('robin', 'GET /v1/users/robin/trends?type=weekly&from=2024-06-13')).body.changes).toEqual([change])
  expect((await ask('robin', 'GET /v1/users/robin/trends?type=weekly&from=2024-06-14')).body.changes).toEqual([])
  const none = await ask('robin', 'GET /v1/users/robin/trends?type=monthly')
  expect(none.body).toMatchObject({ data: [], reasons: [{ field: 'data', code: 'no_rows' }] })
})

test('who was granted a metric sees of a day what tells of it, and no insight', async () => {
  await giveConsent(house, 'robin', 'c1', { purpose: 'dataSharing', given: true, textVersion: '1' })
  const wish = { granteeId: 'mother', resources: ['days' as const], metrics: ['active_energy' as const], access: 'read' as const }
  await makeGrant(house, 'robin', 'g1', wish)
  const day = await ask('mother', 'GET /v1/users/robin/days/2024-06-13')
  expect(day.status).toBe(200)
  expect(day.body).not.toHaveProperty('steps')
  expect(JSON.stringify(day.body)).not.toContain('700')
  expect(Object.keys(day.body.provenance)).toEqual([])
  expect((await ask('mother', 'GET /v1/users/robin/insights/daily/2024-06-13')).status).toBe(404)
  await makeGrant(house, 'robin', 'g2', { ...wish, metrics: ['steps'] })
  expect((await ask('mother', 'GET /v1/users/robin/days?from=2024-06-13&limit=1')).body.data[0]).toMatchObject({ steps: 700 })
})

test('another order of sources makes every day again by it', async () => {
  await ask('robin', 'PUT /v1/users/robin/source-priority', { body: { order: ['phone'] } })
  const { data } = await house.documents.list<StoredJob>({ collection: 'jobs', limit: 100 })
  const job = data.find(({ body }) => body.input.dates?.length === 3)
  expect(job?.body).toMatchObject({ userId: 'robin', type: 'health_analysis', status: 'pending', input: { dates } })
  nowMs += 1000
  await analyseDirtyDays(house, 'robin', undefined, dates)
  expect(stepsOf((await ask('robin', 'GET /v1/users/robin/days')).body.data)).toEqual([
    ['2024-06-12', 1000, 1],
    ['2024-06-13', 1001, 3],
    ['2024-06-14', 1002, 1],
  ])
  expect((await ask('robin', `GET /v1/users/robin/days/2024-06-13?asOf=${secondMade}`)).body).toMatchObject({ steps: 700, revision: 2 })
})
