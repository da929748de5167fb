import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { newId, sha256 } from '../../src/app/chance.ts'
import { all } from '../../src/flows/every.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { type DrawBeside, drawBody } from '../../src/http/draw-body.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { temporaryHouse } from '../golden/people.ts'
import { type Asked, asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'
import { sessionTexts } from './session-texts.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let here: ReturnType<typeof asking>
let beside: ReturnType<typeof asking>
let count = 0
let drawn = 0

/** As the thread does: nothing but what can be sent comes back. */
const drawBeside: DrawBeside = (pieces) => async (by) => {
  const found = structuredClone(drawBody({ newId, sha256 }, Buffer.concat(pieces), structuredClone(by)))
  if (found !== undefined) drawn += 1
  return found
}

beforeAll(async () => {
  house = await temporaryHouse()
  const deps = { ...house, clock: { nowMs: () => Date.UTC(2026, 0, 1) } }
  const asked = { api: sessionsApi, handlers: sessionsHandlers }
  here = asking({ ...asked, deps }, house) as ReturnType<typeof asking>
  beside = asking({ ...asked, deps: { ...deps, drawBeside } }, house) as ReturnType<typeof asking>
})
afterAll(() => house[Symbol.asyncDispose]())

/** What is answered to the same calls, in turn, and what is kept by then: with everything done here, and with what can be done beside. */
async function both(calls: readonly (Asked & { readonly query?: string })[]) {
  const results = []
  for (const ask of [here, beside]) {
    const who = `who-${++count}`
    await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, 'America/New_York') }])
    const answers = []
    for (const { query = '', ...asked } of calls) answers.push(await ask(who, `POST /v1/users/${who}/sessions${query}`, asked))
    const [kept, marks] = await Promise.all(
      ['healthSessions', 'dirtyDays'].map((collection) => all<object>(house.documents, { collection, parent: `users/${who}` })),
    )
    const said = answers.map(({ status, headers, body }) => ({ status, etag: headers.etag, location: headers.location, body }))
    results.push(JSON.parse(withoutChance(JSON.stringify([said, kept, marks?.map(({ path }) => path)]), who)))
  }
  return results
}

/** Ids of problems and of objects, and who it is. */
function withoutChance(text: string, who: string): string {
  return text.replaceAll(who, 'somebody').replaceAll(/(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])/g, 'chance')
}

const runs = 400

test(`what is drawn up beside is kept and answered as what is drawn up here, of ${runs} bodies`, { timeout: 60_000 }, async () => {
  const before = drawn
  await fc.assert(
    fc.asyncProperty(sessionTexts, fc.constantFrom('', 'handling=strict', 'handling=lenient'), async (payload, prefer) => {
      const [one, other] = await both([{ payload: Buffer.from(payload), headers: prefer === '' ? {} : { prefer } }])
      expect(isDeepStrictEqual(one, other), `${payload}`).toBe(true)
    }),
    { numRuns: runs },
  )
  // Neither side is all of it.
  expect(drawn - before).toBeGreaterThan(runs / 10)
  expect(drawn - before).toBeLessThan(runs * 0.9)
})

test('so are long sessions, those whose file is an object, and whatever meets what is there', async () => {
  const long = { ...sessionBody('long', 20), sleep: undefined }
  long.sessionInfo = { ...long.sessionInfo, endTime: '2024-01-23T03:00:00Z' }
  const wide = sessionBody('wide', 9000)
  for (const [at, sample] of wide.heartRate.samples.entries()) sample.confidence = 0.5 + at / 100_000
  const calls = [
    { body: long },
    { body: wide },
    { body: sessionBody('s', 1000) },
    { body: sessionBody('s', 1000) },
    { body: sessionBody('s', 999) },
    { body: { ...sessionBody('s', 5), sessionInfo: { ...sessionBody('s').sessionInfo, dataSource: 'another' } } },
    { body: sessionBody('t', 5), headers: { date: 'Tue, 01 Jan 2030 00:00:00 GMT' } },
    { body: { ...sessionBody('u', 5), userId: 'eve' } },
    { body: { note: 'x'.repeat(600), ...sessionBody('v', 5) } },
    { body: { note: 'x'.repeat(600), ...sessionBody('v', 5) } },
    { body: { note: { sessionId: 's' }, ...sessionBody('w', 5) } },
    { body: sessionBody('__s__') },
  ]
  const before = drawn
  const [one, other] = await both(calls)
  expect(other).toEqual(one)
  expect(one[0].map(({ status }: { status: number }) => status)).toEqual([201, 201, 201, 200, 409, 201, 201, 403, 201, 200, 201, 400])
  expect(one[1].some(({ body }: { body: { samples?: { key?: string } } }) => body.samples?.key !== undefined)).toBe(true)
  // What seems to be there is not drawn up: the ids of `v` are too far from the beginning to be seen.
  expect(drawn - before).toBe(6)
})
