import { afterAll, expect, test } from 'vitest'
import { sessionsApi } from '../../src/api/sessions.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'

const house = await temporaryHouse()
const ask = asking({ api: sessionsApi, handlers: sessionsHandlers, deps: house }, house)
afterAll(() => house[Symbol.asyncDispose]())
await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])

const post = (sessionId: string, samples = 1) => ask('ada', 'POST /v1/users/ada/sessions', { body: sessionBody(sessionId, samples) })
const get = (id: string, query = '') => ask('ada', `GET /v1/users/ada/sessions/${id}${query}`)
const cyrillic = 's\u0435ssion'

test.each(['../x', '..%2f', '%2e%2e', 'a/b', 'a\0b', '.', '__x__', '', 'x'.repeat(1501), cyrillic])(
  '163, 168: a session by the id %j is refused, in its body and in its address',
  async (id) => {
    const refused = id.includes('\0') ? { status: 422, code: 'invalid_unicode' } : { status: 400, code: 'invalid_id' }
    expect((await post(id)).body).toMatchObject(refused)
    expect((await get(encodeURIComponent(id))).body).toMatchObject({ status: 400, code: 'invalid_id' })
    const { data } = await house.documents.list({ collection: 'healthSessions', parent: 'users/ada', limit: 9 })
    expect(data).toEqual([])
  },
)

test.each(['CON', 'constructor', 'null', '0'])('164: a session by the id %s is one like any other', async (id) => {
  expect(await post(id)).toMatchObject({ status: 201, body: { sessionId: id } })
  expect(await get(id)).toMatchObject({ status: 200, body: { sessionInfo: { sessionId: id } } })
  expect((await ask('ada', `DELETE /v1/users/ada/sessions/${id}`)).status).toBe(204)
})

test('165: a session by a UUID is the same in either letter case', async () => {
  const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
  expect(await post(id.toUpperCase())).toMatchObject({ status: 201, body: { sessionId: id } })
  expect(await post(id)).toMatchObject({ status: 200, body: { status: 'exists', sessionId: id } })
  for (const said of [id, id.toUpperCase()]) expect((await get(said)).body.sessionInfo.sessionId).toBe(id)
})

test('167: the key of an object is of our making, whatever the client calls its session and its source', async () => {
  const body = sessionBody('big', 9000)
  for (const [at, sample] of body.heartRate.samples.entries()) Object.assign(sample, { value: 60 + ((at * at) % 97), sampleId: `x${at}` })
  body.sessionInfo.dataSource = '../../../etc/passwd\\..\\C:'
  const reply = await ask('ada', 'POST /v1/users/ada/sessions', { body })
  expect(reply.status).toBe(201)
  const keys: string[] = []
  for await (const { key } of house.blobs.list('')) keys.push(key)
  expect(keys).toEqual([expect.stringMatching(/^samples\/ada\/2024-01\/[0-9A-Za-z_-]+\.parquet$/)])
  expect((await get('big', '?samples=1')).body.heartRate.samples).toHaveLength(9000)
})
