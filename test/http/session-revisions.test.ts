import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { makeGrant } from '../../src/flows/grants.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { packMonth } from '../../src/flows/pack-month.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { moved, sessionBody } from './session-bodies.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let ask: ReturnType<typeof asking>
let count = 0
beforeAll(async () => {
  house = await temporaryHouse()
  ask = asking({ api: sessionsApi, handlers: sessionsHandlers, deps: house }, house)
})
afterAll(() => house[Symbol.asyncDispose]())

async function person() {
  const who = `p${++count}`
  await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, 'UTC') }])
  const at = (id: string, query = '') => `/v1/users/${who}/sessions/${id}${query}`
  return {
    who,
    post: (body: unknown) => ask(who, `POST /v1/users/${who}/sessions`, { body }),
    put: (id: string, version: number, body: unknown) => ask(who, `PUT ${at(id)}`, { body, headers: { 'if-match': `"${version}"` } }),
    get: (id: string, query = '', as = who) => ask(as, `GET ${at(id, query)}`),
    remove: (id: string) => ask(who, `DELETE ${at(id)}`),
    objects: async () => {
      let found = 0
      for await (const _ of house.blobs.list(`samples/${who}/`)) found++
      return found
    },
  }
}

const valuesOf = ({ body }: Awaited<ReturnType<typeof ask>>) => body.heartRate.samples.map(({ value }: { value: number }) => value)
const whole = '?samples=1&revision='

/** Of `sessionBody`, with a sample that the phone then deletes and adds anew. */
const rates = (id: string, ...values: number[]) => {
  const body = sessionBody(id, values.length)
  for (const [at, value] of values.entries()) Object.assign(body.heartRate.samples[at] ?? {}, { value, sampleId: `${id}_${at}_${value}` })
  return body
}
/** So many that its samples are an object by themselves. */
const long = (id: string, first: number) =>
  rates(id, ...Array.from({ length: 9000 }, (_, at) => (at === 0 ? first : 60 + ((at * at) % 97))))

test('180: a correction supersedes what was said, which stays readable under its own number', async () => {
  const { post, put, get } = await person()
  await post(rates('s', 70, 199, 72))
  const corrected = {
    ...sessionBody('s', 0),
    deleted: ['s_1_199'],
    heartRate: { samples: rates('s', 70, 71, 72).heartRate.samples.slice(1, 2) },
  }
  expect(await put('s', 1, corrected)).toMatchObject({ status: 200, body: { status: 'replaced', revision: 2 } })
  expect(await put('s', 2, rates('s', 80))).toMatchObject({ status: 200, body: { revision: 3 } })
  expect(valuesOf(await get('s', '?samples=1'))).toEqual([80])
  expect(valuesOf(await get('s', `${whole}3`))).toEqual([80])
  expect(valuesOf(await get('s', `${whole}2`))).toEqual([70, 71, 72])
  const first = await get('s', `${whole}1`)
  expect(valuesOf(first)).toEqual([70, 199, 72])
  expect(first.body).toMatchObject({ revision: 1, heartRate: { statistics: { max: 199 } } })
  expect(first.headers).not.toHaveProperty('etag')
  expect((await get('s', '?revision=4')).status).toBe(404)
  expect((await get('s', '?revision=0')).status).toBe(400)
})

test('180: a session that did not change has no earlier revision, and a stale correction leaves none', async () => {
  const { post, put, get, who } = await person()
  await post(rates('s', 70))
  expect(await put('s', 1, rates('s', 70))).toMatchObject({ status: 200, body: { status: 'exists' } })
  expect((await put('s', 7, rates('s', 80))).status).toBe(412)
  const { data } = await house.documents.list({ collection: 'sessionRevisions', parent: `users/${who}/healthSessions/s`, limit: 9 })
  expect(data).toEqual([])
  expect((await get('s', '?revision=2')).status).toBe(404)
})

test('180: earlier revisions keep samples that lie in an object, and those that lay in one of many sessions', async () => {
  const { who, post, put, get, objects } = await person()
  await post(long('far', 61))
  const others = ['b', 'c', 'd', 'e', 'f', 'g', 'h']
  for (const id of ['a', ...others]) await post(rates(id, 70, 71))
  expect(await packMonth(house, who, '2024-01')).toBe(8)
  await put('far', 1, long('far', 62))
  await put('a', 2, rates('a', 90))
  expect(valuesOf(await get('far', `${whole}1`))[0]).toBe(61)
  expect(valuesOf(await get('far', '?samples=1'))[0]).toBe(62)
  expect(valuesOf(await get('a', `${whole}1`))).toEqual([70, 71])
  for (const id of others) expect(valuesOf(await get(id, '?samples=1'))).toEqual([70, 71])
  // Both of `far`, and that of the others together.
  expect(await objects()).toBe(3)
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
})

test('180: of a session that was cut into parts each part keeps what it said, also one that the correction has no more', async () => {
  const { post, put, get } = await person()
  const twoDays = { ...moved('2024-01-20T10:00:00Z', '2024-01-21T12:00:00Z', 'long'), activity: { steps: { total: 2600 } } }
  expect((await post(sessionBody('long', 0, twoDays))).body).toMatchObject({ parts: 2 })
  const oneDay = { ...moved('2024-01-20T10:00:00Z', '2024-01-20T12:00:00Z', 'long'), activity: { steps: { total: 200 } } }
  expect((await put('long', 1, sessionBody('long', 0, oneDay))).status).toBe(200)
  expect((await get('long-part-2')).status).toBe(404)
  expect((await get('long-part-2', '?revision=1')).body).toMatchObject({ splitFrom: 'long', activity: { steps: { total: 1200 } } })
  expect((await get('long', '?revision=1')).body).toMatchObject({ parts: 2, activity: { steps: { total: 1400 } } })
})

test('176, 180: who deletes a session deletes what it said before, with its samples', async () => {
  const { who, post, put, get, remove, objects } = await person()
  await post(long('s', 61))
  await put('s', 1, long('s', 62))
  await put('s', 2, rates('s', 63))
  expect(await objects()).toBe(2)
  expect((await remove('s')).status).toBe(204)
  for (const revision of [1, 2, 3]) expect((await get('s', `?revision=${revision}`)).status).toBe(404)
  expect(await objects()).toBe(0)
  const { data } = await house.documents.list({ collection: 'sessionRevisions', index: 'replaced', equals: [who], limit: 9 })
  expect(data).toEqual([])
})

test('180: an earlier revision is shown to whom the session is shown, by the same metrics', async () => {
  const { who, post, put, get } = await person()
  const walked = (total: number) => ({ ...rates('s', 70), activity: { steps: { total } } })
  await post(walked(100))
  await put('s', 1, walked(200))
  expect((await get('s', '?revision=1', 'stranger')).status).toBe(404)
  await giveConsent(house, who, 'c1', { purpose: 'dataSharing', given: true, textVersion: '1' })
  await makeGrant(house, who, 'g1', { granteeId: 'mother', resources: ['sessions'], metrics: ['steps'], access: 'read' })
  const { body } = await get('s', `${whole}1`, 'mother')
  expect(body).toMatchObject({ activity: { steps: { total: 100 } } })
  expect(body).not.toHaveProperty('heartRate')
})
