import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { daysApi } from '../../src/api/days.ts'
import { sessionsApi } from '../../src/api/sessions.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { moved, sessionBody } from './session-bodies.ts'

const house = await temporaryHouse()
const ask = asking({ api: { ...sessionsApi, ...daysApi }, handlers: { ...sessionsHandlers, ...daysHandlers }, deps: house }, house)
afterAll(() => house[Symbol.asyncDispose]())
let count = 0

async function person() {
  const who = `p${++count}`
  await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, 'UTC') }])
  const get = async (what: string) => (await ask(who, `GET /v1/users/${who}/${what}`)).body
  return {
    get,
    put: (id: string, body: unknown) => ask(who, `PUT /v1/users/${who}/sessions/${id}`, { body }),
    lines: (payload: string) =>
      ask(who, `POST /v1/users/${who}/sessions`, { payload, headers: { 'content-type': 'application/x-ndjson' } }),
    /** All that is told of sessions and days, but for whose it is and when it was made. */
    state: async () => {
      await analyseDirtyDays(house, who)
      const { data: sessions } = await get('sessions')
      const { data: days } = await get('days')
      const text = JSON.stringify([sessions, days], (key, value) => (/^(?:userId|inputHash|madeAt)$/.test(key) ? undefined : value))
      return JSON.parse(text)
    },
  }
}

const line = (id: string, samples = 2, over = {}) => JSON.stringify(sessionBody(id, samples, over))

test('48: a last line without its newline is accepted where it is whole', async () => {
  const { lines, get } = await person()
  for (const [at, end] of ['', ' ', '\r', '\n'].entries()) {
    const reply = await lines(`${line(`a${at}`)}\n${line(`b${at}`)}${end}`)
    expect(reply).toMatchObject({ status: 202, body: { lines: { received: 2, kept: 2, rejected: 0 } } })
  }
  expect((await get('sessions')).data).toHaveLength(8)
})

test('58: lines in any order come to the state of lines in order', async () => {
  const walked = (id: string, hour: string, dataSource: string, total: number) => {
    const { sessionInfo } = moved(`2024-01-20T${hour}:00:00Z`, `2024-01-20T${hour}:40:00Z`, id)
    return JSON.stringify({ sessionInfo: { ...sessionInfo, dataSource }, activity: { steps: { total } } })
  }
  const sorted = [
    walked('w1', '08', 'Apple Watch', 900),
    walked('p1', '08', 'iPhone', 1200),
    walked('p2', '09', 'iPhone', 300),
    line('h1', 40),
    // The same samples again, in another session of the same watch.
    line('h2', 50),
    line('late', 3, moved('2024-01-20T23:30:00Z', '2024-01-21T00:30:00Z', 'late')),
  ]
  const stateAfter = async (all: readonly string[]) => {
    const { lines, state } = await person()
    expect((await lines(all.join('\n'))).body.lines).toEqual({ received: 6, kept: 6, rejected: 0 })
    return state()
  }
  const wanted = await stateAfter(sorted)
  expect(wanted[0]).toHaveLength(6)
  expect(wanted[1]).toContainEqual(expect.objectContaining({ date: '2024-01-20', steps: 1200 }))
  expect(await stateAfter(sorted.toReversed())).toEqual(wanted)
  const order = fc.shuffledSubarray(sorted, { minLength: sorted.length })
  await fc.assert(
    fc.asyncProperty(order, async (all) => {
      expect(await stateAfter(all)).toEqual(wanted)
    }),
    { numRuns: 30 },
  )
})

test('171: no session waits for another: a part names no parent, and an amendment that comes first is what there is', async () => {
  const { lines, put, get } = await person()
  const [outcome] = (await lines(line('part', 2, { splitFrom: 'whole' }))).body.outcomes
  expect(outcome).toMatchObject({ status: 'rejected', code: 'read_only_field' })
  expect(await put('s', sessionBody('s', 3, { deleted: ['gone'] }))).toMatchObject({ status: 201, body: { counts: { accepted: 3 } } })
  expect((await get('sessions')).data).toHaveLength(1)
})
