import { afterAll, expect, test } from 'vitest'
import { daysApi } from '../../src/api/days.ts'
import { sessionsApi } from '../../src/api/sessions.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import type { ZoneTimeline } from '../../src/model/zone.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'

const kept = await temporaryHouse()
let nowMs = Date.parse('2024-12-01T12:00:00Z')
const house = { ...kept, clock: { nowMs: () => nowMs } }
const ask = asking({ api: { ...sessionsApi, ...daysApi }, handlers: { ...sessionsHandlers, ...daysHandlers }, deps: house }, house)
afterAll(() => kept[Symbol.asyncDispose]())
let count = 0

async function person(zone: string, timeline?: ZoneTimeline) {
  const who = `p${++count}`
  const zones = timeline && { timeline, untilMs: timeline.at(-1)?.fromMs ?? 0 }
  await house.documents.batch([{ op: 'put', path: `users/${who}`, body: { ...newUser(house, zone), ...(zones && { zones }) } }])
  return {
    who,
    post: async (body: unknown) => {
      const reply = await ask(who, `POST /v1/users/${who}/sessions`, { body })
      expect(reply.status).toBe(201)
      return reply.body
    },
    session: async (id: string) => (await ask(who, `GET /v1/users/${who}/sessions/${id}?samples=1`)).body,
    day: async (date: string) => {
      await analyseDirtyDays(house, who)
      return (await ask(who, `GET /v1/users/${who}/days/${date}`)).body
    },
  }
}

const info = (sessionId: string, startTime: string, endTime: string, dataSource = 'Apple Watch') => ({
  sessionInfo: { sessionId, startTime, endTime, dataSource },
})
const night = (id: string, startTime: string, endTime: string) => ({
  ...info(id, startTime, endTime),
  sleep: { stages: [{ startTime, endTime, stage: 'light' }] },
})

test('137: a night of eight hours on the clock is seven real ones in spring and nine in autumn', async () => {
  const { post, day } = await person('America/New_York')
  await post(night('spring', '2024-03-09T23:00:00-05:00', '2024-03-10T07:00:00-04:00'))
  await post(night('autumn', '2024-11-02T23:00:00-04:00', '2024-11-03T07:00:00-05:00'))
  expect((await day('2024-03-10')).sleep).toMatchObject({ asleepMinutes: 7 * 60 })
  expect((await day('2024-11-03')).sleep).toMatchObject({ asleepMinutes: 9 * 60 })
})

test('138: a local day of 25 hours holds what was measured in all of them, and one of 23 no more than that', async () => {
  const { post, day } = await person('America/New_York')
  const hourly = (id: string, from: string, hours: number) => {
    const at = (hour: number) => new Date(Date.parse(from) + hour * 3_600_000).toISOString()
    const samples = Array.from({ length: hours }, (_, hour) => ({ startTime: at(hour), endTime: at(hour + 1), value: 100 }))
    return { ...info(id, at(0), at(hours)), series: { steps: { unit: '{steps}', samples } } }
  }
  expect(await post(hourly('long', '2024-11-03T00:00:00-04:00', 25))).toMatchObject({ parts: 2, counts: { accepted: 25 } })
  await post(hourly('short', '2024-03-10T00:00:00-05:00', 23))
  expect(await day('2024-11-03')).toMatchObject({
    steps: 2500,
    coverage: { dayMinutes: 1500, wornMinutes: 1500, metrics: { steps: 1500 } },
    flags: ['long_day'],
  })
  expect(await day('2024-03-10')).toMatchObject({
    steps: 2300,
    coverage: { dayMinutes: 1380, metrics: { steps: 1380 } },
    flags: ['short_day'],
  })
})

test('144: who flies across zones slept on the date on which they woke, by the clock there, and walked on the date of the start, by the clock here', async () => {
  const landedMs = Date.parse('2024-06-11T05:00:00Z')
  const { post, session, day } = await person('America/New_York', [
    { fromMs: 0, zone: 'America/New_York' },
    { fromMs: landedMs, zone: 'Europe/Berlin' },
  ])
  // 20:30 in New York until 09:00 in Berlin.
  await post({ ...info('walk', '2024-06-11T00:30:00Z', '2024-06-11T00:50:00Z'), activity: { steps: { total: 900 } } })
  await post(night('flight', '2024-06-11T01:00:00Z', '2024-06-11T07:00:00Z'))
  expect(await session('walk')).toMatchObject({ localDate: '2024-06-10', zone: 'America/New_York' })
  expect((await day('2024-06-10')).steps).toBe(900)
  expect((await day('2024-06-10')).sleep).toBeUndefined()
  expect((await day('2024-06-11')).sleep).toMatchObject({ asleepMinutes: 360, bedtimeDate: '2024-06-10' })
  expect((await day('2024-06-11')).zone).toBe('Europe/Berlin')
})

test('142: what a clock that is ahead says waits until its day is over, and session and day say why', async () => {
  nowMs = Date.parse('2024-05-10T12:00:00Z')
  const { post, session, day } = await person('UTC')
  const walk = (id: string, startTime: string, total: number) => ({
    ...info(id, startTime, new Date(Date.parse(startTime) + 60_000).toISOString()),
    activity: { steps: { total } },
  })
  await post(walk('past', '2024-05-10T09:00:00Z', 100))
  await post(walk('soon', '2024-05-10T12:00:30Z', 20))
  const early = await post(walk('early', '2024-05-10T13:00:00Z', 3000))
  expect(early).toMatchObject({ counts: { accepted: 1 }, quality: { verdict: 'flag', flags: [{ code: 'clock_skew', count: 1 }] } })
  const far = await post(walk('far', '2024-05-11T13:00:00Z', 50_000))
  expect(far).toMatchObject({ counts: { quarantined: 1 }, quality: { verdict: 'quarantine', quarantined: { future: 1 } } })

  const today = await day('2024-05-10')
  expect(today).toMatchObject({ steps: 120, flags: ['clock_skew'] })
  expect(today.reasons).toContainEqual({ field: 'coverage.metrics.steps', code: 'clock_skew', have: 1 })
  expect((await session('early')).series.steps.samples).toMatchObject([{ value: 3000 }])
  nowMs = Date.parse('2024-05-11T00:00:00Z')
  const over = await day('2024-05-10')
  expect(over).toMatchObject({ steps: 3120, flags: ['clock_skew'], revision: 2 })
  expect(over.reasons.map(({ code }: { code: string }) => code)).not.toContain('clock_skew')
  nowMs = Date.parse('2024-06-01T00:00:00Z')
  expect(await day('2024-05-11')).not.toMatchObject({ steps: expect.anything() })
})

test('142: a clock that is ahead across midnight is held out of the next day, and told when that is over', async () => {
  nowMs = Date.parse('2024-05-10T22:00:00Z')
  const { post, day } = await person('UTC')
  await post({ ...info('early', '2024-05-11T09:00:00Z', '2024-05-11T09:01:00Z'), activity: { steps: { total: 500 } } })
  expect(await day('2024-05-11')).not.toHaveProperty('steps')
  nowMs = Date.parse('2024-05-11T23:59:59Z')
  expect(await day('2024-05-11')).not.toHaveProperty('steps')
  nowMs = Date.parse('2024-05-12T00:00:00Z')
  expect(await day('2024-05-11')).toMatchObject({ steps: 500, flags: ['clock_skew'] })
})

test('174: of two devices that tell 60 and 120 in one second both are kept, the better is told, and the day says that they disagree', async () => {
  const { post, session, day } = await person('UTC')
  const beating = (id: string, dataSource: string, bpm: number) => {
    const body = sessionBody(id, 2)
    for (const sample of body.heartRate.samples) sample.value = bpm
    return { ...body, sessionInfo: { ...body.sessionInfo, dataSource } }
  }
  await post(beating('watch', 'Apple Watch', 60))
  expect((await day('2024-01-20')).flags).toEqual([])
  await post(beating('strap', 'Polar strap', 110))
  expect((await day('2024-01-20')).flags).toEqual([])
  await post(beating('ring', 'Oura ring', 120))
  const told = await day('2024-01-20')
  expect(told.flags).toEqual(['source_conflict'])
  expect(told.reasons).toContainEqual({ field: 'heartRate', code: 'source_conflict', have: 2 })
  expect(told.heartRate).toMatchObject({ min: 60, max: 60 })
  for (const [id, bpm] of [
    ['watch', 60],
    ['strap', 110],
    ['ring', 120],
  ] as const)
    expect((await session(id)).heartRate.samples.map(({ value }: { value: number }) => value)).toEqual([bpm, bpm])
})
