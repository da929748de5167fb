import { afterAll, expect, test } from 'vitest'
import { daysApi } from '../../src/api/days.ts'
import { sessionsApi } from '../../src/api/sessions.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'

// What people say of other servers of this kind, each with the place where they say it.

const house = await temporaryHouse()
const ask = asking({ api: { ...sessionsApi, ...daysApi }, handlers: { ...sessionsHandlers, ...daysHandlers }, deps: house }, house)
afterAll(() => house[Symbol.asyncDispose]())
let count = 0

async function person(zone = 'UTC') {
  const who = `p${++count}`
  await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, zone) }])
  return {
    post: async (body: unknown) => (await ask(who, `POST /v1/users/${who}/sessions`, { body })).body,
    day: async (date = '2024-01-20') => {
      await analyseDirtyDays(house, who)
      return (await ask(who, `GET /v1/users/${who}/days/${date}`)).body
    },
  }
}

const at = (hour: number) => new Date(Date.parse('2024-01-20T00:00:00Z') + hour * 3_600_000).toISOString()
const info = (sessionId: string, dataSource: string, from: number, to: number) => ({
  sessionInfo: { sessionId, startTime: at(from), endTime: at(to), dataSource },
})
/** Steps of each hour from `from` on. */
const walked = (id: string, dataSource: string, from: number, ...hours: number[]) => ({
  ...info(id, dataSource, from, from + hours.length),
  series: {
    steps: { unit: '{steps}', samples: hours.map((value, k) => ({ startTime: at(from + k), endTime: at(from + k + 1), value })) },
  },
})
const total = (id: string, dataSource: string, steps: number) => ({ ...info(id, dataSource, 0, 24), activity: { steps: { total: steps } } })

test('steps that phone and watch both count are counted once (krokyze/FitKit#22: 24,700 instead of 12,500)', async () => {
  const { post, day } = await person()
  await post(walked('w', 'Apple Watch', 9, 6500, 6000))
  await post(walked('p', 'iPhone', 9, 6300, 5900))
  expect((await day()).steps).toBe(12_500)
})

test('steps that only the phone counted are not lost for the watch’s (the-momentum/open-wearables#1287: 4,000 of 14,079)', async () => {
  const { post, day } = await person()
  await post(walked('w', 'Apple Watch', 8, 4000))
  await post(walked('p', 'iPhone', 8, 3900, 10_079))
  expect((await day()).steps).toBe(14_079)
})

test('what is delivered again, under whatever id, adds nothing (open-wearables#291, #785: 39 h of sleep in a night of 8)', async () => {
  const { post, day } = await person()
  const night = (id: string) => ({
    ...info(id, 'Oura ring', 0, 8),
    sleep: {
      stages: [...Array(8).keys()].map((hour) => ({ startTime: at(hour), endTime: at(hour + 1), stage: hour % 2 ? 'deep' : 'light' })),
    },
  })
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await post(night(id))
    await post(walked(`${id}w`, 'Oura ring', 9, 300, 400))
  }
  expect(await day()).toMatchObject({ steps: 700, sleep: { asleepMinutes: 480 } })
})

test('a walk late in the evening stays on its local date (open-wearables#396)', async () => {
  const { post, day } = await person('America/New_York')
  await post({ ...info('late', 'iPhone', 28, 28.5), activity: { steps: { total: 900 } } })
  expect(await day('2024-01-20')).toMatchObject({ steps: 900 })
  expect(await day('2024-01-21')).not.toHaveProperty('steps')
})

test('what is said in another unit is converted, and what no unit of the metric is, set aside (open-wearables#1123)', async () => {
  const { post, day } = await person()
  const far = (id: string, unit: string) => ({
    ...info(id, 'iPhone', 9, 10),
    series: { distance_walking_running: { unit, samples: [{ startTime: at(9), endTime: at(10), value: 2 }] } },
  })
  expect(await post(far('km', 'km'))).toMatchObject({ counts: { accepted: 1 } })
  expect(await post(far('kg', 'kg'))).toMatchObject({ quality: { quarantined: { unit_unknown: 1 } } })
  expect((await day()).distanceMeters).toBe(2000)
})

test('a daily total beside the hours that it sums is not added to them (open-wearables#1232)', async () => {
  const { post, day } = await person()
  await post(walked('hours', 'Apple Watch', 9, 3000, 2000))
  await post(total('day', 'Apple Watch', 5000))
  expect((await day()).steps).toBe(5000)
  const partly = await person()
  await partly.post(total('day', 'Apple Watch', 5000))
  await partly.post(walked('hours', 'Apple Watch', 9, 3000))
  await partly.post(walked('again', 'Apple Watch', 9, 3000))
  expect((await partly.day()).steps).toBe(5000)
})
