import { afterAll, beforeAll, expect, test } from 'vitest'
import { cohortApi } from '../../src/api/cohort.ts'
import { giveConsent, type Purpose } from '../../src/flows/consents.ts'
import { spendPrivacy } from '../../src/flows/privacy-budget.ts'
import { cohortHandlers } from '../../src/http/handlers/cohort.ts'
import { StoredUser } from '../../src/model/user.ts'
import { aRow } from '../contracts/warehouse-rows.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'

const kept = await temporaryHouse()
let nowMs = Date.parse('2024-06-20T12:00:00Z')
const house = { ...kept, clock: { nowMs: () => nowMs } }
const ask = asking({ api: cohortApi, handlers: cohortHandlers, deps: house }, house)
afterAll(() => kept[Symbol.asyncDispose]())

const month = 'metric=total_steps&period=2024-05'
const cohort = (more = '', who = 'operator:') => ask(who, `GET /v1/analytics/cohort?${month}${more}`)
let receipts = 0
const consent = (userId: string, given: boolean, purpose: Purpose = 'anonymousAnalytics') =>
  giveConsent(house, userId, `r${++receipts}`, { purpose, given, textVersion: '1' })

/** Women w1 to w15 of 1990 and men m1 to m12 of 1955, all of whom walked: w4 4,000 steps a day, m4 8,000. */
beforeAll(async () => {
  const people = [
    ...Array.from({ length: 15 }, (_, n) => ({ userId: `w${n + 1}`, gender: 'female', dateOfBirth: '1990-03-01', steps: 1000 * (n + 1) })),
    ...Array.from({ length: 12 }, (_, n) => ({ userId: `m${n + 1}`, gender: 'male', dateOfBirth: '1955-03-01', steps: 2000 * (n + 1) })),
  ]
  const metadata = { createdAt: '2024-01-01T00:00:00Z', updatedAt: '2024-01-01T00:00:00Z', dataVersion: '1.0.0' }
  for (const { userId, gender, dateOfBirth, steps } of people) {
    const body = StoredUser.parse({ profile: { gender, dateOfBirth }, metadata })
    await house.documents.batch([{ op: 'put', path: `users/${userId}`, body }])
    const dates = Array.from({ length: 12 }, (_, n) => `2024-05-${String(n + 1).padStart(2, '0')}`)
    await house.warehouse.putAnalytics(dates.map((date, n) => aRow({ userId, date, totalSteps: steps + (n % 2 === 0 ? 100 : -100) })))
  }
})

test('without a receipt nobody is in it, whatever their flags say, unless the operator counts the documented defaults', async () => {
  expect((await cohort()).body.cells).toEqual([{ suppressed: true }])
  await house.documents.batch([{ op: 'put', path: 'system/configuration', body: { consentDefaults: 'document' } }])
  expect((await cohort()).body.cells[0]).toMatchObject({ suppressed: false, people: 25 })
  await house.documents.batch([{ op: 'delete', path: 'system/configuration' }])
  expect((await cohort()).body.cells).toEqual([{ suppressed: true }])
})

test('who consents is in the next answer, and who withdraws is not', async () => {
  for (let n = 1; n <= 15; n++) await consent(`w${n}`, true)
  const { status, body } = await cohort('&by=ageBand,sex')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    metric: 'total_steps',
    unit: '{steps}',
    periodStart: '2024-05-01',
    periodEnd: '2024-05-31',
    by: ['ageBand', 'sex'],
  })
  expect(body.cells).toHaveLength(9 * 5)
  const told = body.cells.filter(({ suppressed }: { suppressed: boolean }) => !suppressed)
  expect(told).toEqual([
    {
      ageBand: '30_39',
      sex: 'female',
      suppressed: false,
      people: 15,
      mean: 8000,
      percentiles: { p10: 2400, p25: 4500, p50: 8000, p75: 11_500, p90: 13_600 },
    },
  ])
  await consent('w15', false)
  expect((await cohort()).body.cells[0]).toMatchObject({ people: 11, mean: 7500 })
  for (let n = 11; n <= 14; n++) await consent(`w${n}`, false)
  expect((await cohort()).body.cells).toEqual([{ suppressed: true }])
  for (let n = 11; n <= 15; n++) await consent(`w${n}`, true)
})

test('research is a consent of its own', async () => {
  expect((await cohort('', 'researcher:')).body.cells).toEqual([{ suppressed: true }])
  for (let n = 1; n <= 12; n++) await consent(`m${n}`, true, 'researchParticipation')
  expect(
    (await cohort('&by=sex', 'researcher:')).body.cells.filter(({ suppressed }: { suppressed: boolean }) => !suppressed),
  ).toMatchObject([{ sex: 'male', mean: 13_000 }])
  expect((await cohort('', 'operator:')).body.cells[0]).toMatchObject({ people: 15, mean: 8000 })
})

test('neither persons nor services ask for cohorts, and only of whole periods that are over', async () => {
  for (const who of ['w1', 'service:', 'device:w1', 'auditor:']) expect((await cohort('', who)).body).toMatchObject({ status: 403 })
  for (const period of ['2024-06', '2024', '2024-W53', '2024-05-01', '2024-13', '0000'])
    expect((await ask('operator:', `GET /v1/analytics/cohort?metric=total_steps&period=${period}`)).body, period).toMatchObject({
      code: 'bad_parameter',
    })
  for (const period of ['2023', '2024-Q1', '2024-W20', '2020-W53'])
    expect((await ask('operator:', `GET /v1/analytics/cohort?metric=total_steps&period=${period}`)).status, period).toBe(200)
  for (const more of ['&by=name', '&by=sex,sex', '&by=', '&epsilon=0', '&epsilon=1.1'])
    expect((await cohort(more)).body, more).toMatchObject({ code: 'bad_parameter' })
})

test('noise takes from the budget of the year, and when that is spent there is no more', async () => {
  const first = await cohort('&epsilon=1')
  expect(first.body).toMatchObject({ privacy: { epsilon: 1, spent: 1, left: 3 } })
  const asked = await Promise.all([1, 2, 3, 4, 5, 6].map(() => cohort('&epsilon=0.8')))
  expect(asked.filter(({ status }) => status === 200)).toHaveLength(3)
  expect(asked.find(({ status }) => status !== 200)).toMatchObject({ status: 403, body: { code: 'budget_spent' } })
  expect((await cohort('&epsilon=0.6')).status).toBe(200)
  expect((await cohort('&epsilon=0.01')).body).toMatchObject({ code: 'budget_spent' })
  const ledger = await house.documents.get<{ spentMillis: number; releases: { millis: number }[] }>('privacyBudgets/2024')
  expect(ledger?.body.spentMillis).toBe(4000)
  expect(ledger?.body.releases.map(({ millis }) => millis)).toEqual([1000, 800, 800, 800, 600])
  nowMs = Date.parse('2025-01-01T00:00:00Z')
  expect((await cohort('&epsilon=0.5')).body).toMatchObject({ privacy: { spent: 0.5, left: 3.5 } })
  nowMs = Date.parse('2024-06-20T12:00:00Z')
})

test('however many spend at once, the ledger never goes over', async () => {
  const clock = { nowMs: () => Date.parse('2030-01-01T00:00:00Z') }
  const release = { by: 'k', metric: 'total_steps', periodStart: '2029-01-01', periodEnd: '2029-12-31', traits: [], millis: 300 } as const
  const spends = await Promise.allSettled(
    Array.from({ length: 40 }, () => spendPrivacy({ documents: house.documents, clock }, { ...release, traits: [] })),
  )
  expect(spends.filter(({ status }) => status === 'fulfilled')).toHaveLength(13)
  expect((await house.documents.get<{ spentMillis: number }>('privacyBudgets/2030'))?.body.spentMillis).toBe(3900)
})

test('a person sees where they stand among their like, who is one of eleven or more', async () => {
  const peers = (who: string) => ask(who, `GET /v1/users/${who}/peers?${month}`)
  const { body } = await peers('w4')
  expect(body).toEqual({
    metric: 'total_steps',
    unit: '{steps}',
    periodStart: '2024-05-01',
    periodEnd: '2024-05-31',
    band: { ageBand: '30_39', sex: 'female' },
    value: 4000,
    people: 15,
    percentiles: { p10: 2400, p25: 4500, p50: 8000, p75: 11_500, p90: 13_600 },
    // Three of the fourteen others lie below: 21 %.
    rank: 20,
    reasons: [],
  })
  const { value, reasons, ...rest } = (await peers('m4')).body
  expect([value, reasons, rest.percentiles, rest.people]).toEqual([
    8000,
    [{ field: 'people', code: 'too_few_people', need: 11 }],
    undefined,
    undefined,
  ])
  expect((await ask('w1', 'GET /v1/users/w1/peers?metric=resting_heart_rate&period=2024-05')).body.reasons).toEqual([
    { field: 'value', code: 'too_few_days', need: 10 },
  ])
  expect((await ask('w1', `GET /v1/users/w4/peers?${month}`)).status).toBe(404)
  for (let n = 11; n <= 15; n++) await consent(`w${n}`, false)
  expect((await peers('w4')).body.reasons).toEqual([{ field: 'people', code: 'too_few_people', need: 11 }])
})

test('who said no and who is not there make the same answers', async () => {
  for (let n = 1; n <= 15; n++) await consent(`w${n}`, n !== 7 && n !== 8)
  const questions = ['', '&by=sex', '&by=ageBand,activityLevel', '&by=ageBand,sex,activityLevel'].map((more) => () => cohort(more))
  const said = () => Promise.all([...questions.map((question) => question()), ask('w4', `GET /v1/users/w4/peers?${month}`)])
  const withThem = await said()
  expect(withThem[1]?.body.cells.some(({ suppressed }: { suppressed: boolean }) => !suppressed)).toBe(true)
  for (const userId of ['w7', 'w8']) {
    await house.documents.batch([{ op: 'delete', path: `users/${userId}` }])
    await house.warehouse.delete({ userId, from: '0001-01-01', to: '9999-12-31' })
  }
  expect((await said()).map(({ body }) => body)).toEqual(withThem.map(({ body }) => body))
})
