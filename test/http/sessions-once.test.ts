import { afterAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'

const house = await temporaryHouse()
await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
afterAll(() => house[Symbol.asyncDispose]())
let batches = 0
const gate: { before?: () => Promise<void> } = {}
const url = '/v1/users/ada/sessions'

/** A process of its own, as far as what it remembers goes. */
function newProcess() {
  const documents: Documents = {
    ...house.documents,
    async batch(writes) {
      batches += 1
      await gate.before?.()
      return house.documents.batch(writes)
    },
  }
  const deps = { ...house, documents }
  const ask = asking({ api: sessionsApi, handlers: sessionsHandlers, deps, layers: [answerOnce(deps)] }, house)
  return (key: string, body: object, headers = {}) => ask('ada', `POST ${url}`, { body, headers: { 'idempotency-key': key, ...headers } })
}

const post = newProcess()
const replayed = (reply: Awaited<ReturnType<typeof post>>) => reply.headers['idempotency-replayed']
const kept = async () => (await house.documents.list({ collection: 'healthSessions', parent: 'users/ada', limit: 100 })).data

test('F122: a session, its marks and the answer to its request are one batch', async () => {
  const before = batches
  expect(await post('one', sessionBody('one'))).toMatchObject({ status: 201 })
  expect(batches - before).toBe(1)
})

test('F122: what is sent again with its key is answered with the same bytes, also when its session is gone meanwhile', async () => {
  const first = await post('again', sessionBody('again'))
  await house.documents.batch([{ op: 'delete', path: 'users/ada/healthSessions/again' }])
  const second = await post('again', sessionBody('again'))
  expect(second).toMatchObject({ status: 201, body: first.body })
  expect([replayed(first), replayed(second), second.headers.etag]).toEqual([undefined, 'true', '"1"'])
})

test('F122: with its key another body, or the same with a wish, is refused', async () => {
  await post('other', sessionBody('other'))
  for (const asked of [
    () => post('other', sessionBody('other', 4)),
    () => post('other', sessionBody('other'), { prefer: 'handling=strict' }),
  ])
    expect(await asked()).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
})

test('F122: an answer without an effect is kept too', async () => {
  await post('first', sessionBody('there'))
  const exists = await post('second', sessionBody('there'))
  expect([exists.status, exists.body.status, replayed(exists)]).toEqual([200, 'exists', undefined])
  expect(await post('second', sessionBody('elsewhere'))).toMatchObject({ status: 422 })
  expect(replayed(await post('second', sessionBody('there')))).toBe('true')
})

test('F122: what was refused is not kept', async () => {
  const wrong = { ...sessionBody('mended'), heartRate: { samples: 7 } }
  expect((await post('mend', wrong)).status).toBe(422)
  expect((await post('mend', sessionBody('mended'))).status).toBe(201)
})

test('F122: while the first is under way the second is told so', async () => {
  const entered = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  gate.before = () => {
    entered.resolve()
    return go.promise
  }
  const first = post('slow', sessionBody('slow'))
  await entered.promise
  expect(await post('slow', sessionBody('slow'))).toMatchObject({ status: 409, body: { code: 'idempotency_in_flight' } })
  delete gate.before
  go.resolve()
  expect((await first).status).toBe(201)
})

test('F122: of two processes that are sent one request at once, one keeps it and both say the same', async () => {
  const entered = Promise.withResolvers<void>()
  let waiting = 0
  gate.before = async () => {
    waiting += 1
    if (waiting === 2) entered.resolve()
    await entered.promise
  }
  const before = (await kept()).length
  const both = await Promise.all([post('twice', sessionBody('twice')), newProcess()('twice', sessionBody('twice'))])
  delete gate.before
  expect(both.map(({ status }) => status)).toEqual([201, 201])
  expect(both[0]?.body).toEqual(both[1]?.body)
  expect(both.map(replayed).sort()).toEqual(['true', undefined])
  expect((await kept()).length).toBe(before + 1)
})
