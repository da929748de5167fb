import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Api } from '../api/endpoint.ts'
import type { Handlers } from '../http/call.ts'
import { makeServer } from '../http/server.ts'
import { Problem } from '../model/problem.ts'
import { type Client, makeClient } from './client.ts'

const api = {
  getNote: {
    method: 'get',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Read a note',
    scope: 'profile:read',
    audit: 'read',
    query: z.object({ times: z.coerce.number().int().default(1) }),
    reply: { type: 'json', status: 200, schema: z.object({ text: z.string(), path: z.string() }) },
    problems: [],
    versioned: 'read',
  },
  addNote: {
    method: 'post',
    path: '/v1/users/{userId}/notes',
    summary: 'Add a note',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: z.object({ text: z.string().max(5) }), maxBytes: 100 },
    reply: { type: 'json', status: 201, schema: z.object({ id: z.string() }) },
    problems: [],
  },
  putNote: {
    method: 'put',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Write a note',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'file', maxBytes: 100 },
    reply: { type: 'none', status: 204 },
    problems: [],
    versioned: 'must',
  },
  hear: {
    method: 'get',
    path: '/v1/events',
    summary: 'Listen',
    scope: 'events:read',
    audit: 'none',
    reply: { type: 'events', status: 200 },
    problems: [],
  },
} as const satisfies Api

const handlers: Handlers<typeof api, object> = {
  getNote: async (_, { params, query }) => ({
    body: { text: 'é'.repeat(query.times), path: `${params.userId}/${params.noteId}` },
    version: 7,
  }),
  addNote: async (_, { callId }) => ({ body: { id: callId }, location: '/v1/users/ada/notes/x' }),
  putNote: async (_, { ifMatch, content }) => {
    let bytes = 0
    for await (const chunk of content) bytes += chunk.length
    if (ifMatch !== bytes) throw new Problem('precondition_failed', `${bytes} bytes came.`)
    return {}
  },
  hear: async (_, { header }) => ({
    events: (async function* () {
      yield { id: '1', event: 'day', data: { heard: header('last-event-id') ?? 'nothing' } }
      yield { id: '2', event: 'job', data: ['a\n\nb'] }
    })(),
  }),
}
const server = makeServer({
  api,
  handlers,
  deps: {},
  gate: {
    authenticate: async (said) => {
      if (said !== 'Bearer secret') throw new Problem('unauthorized', 'No valid credential.')
      return { kind: 'service', scopes: ['profile:read', 'profile:write', 'events:read'], credential: 'k' }
    },
    mayByGrant: async () => false,
  },
})
let url = ''
let client: Client<typeof api>
beforeAll(async () => {
  await server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  client = makeClient(api, { url, token: 'secret' })
})
afterAll(() => server.close())

test('path, query and version of a read', async () => {
  const params = { userId: 'ada', noteId: 'n1' }
  expect(await client.getNote({ params, query: { times: 3 } })).toMatchObject({
    body: { text: 'ééé', path: 'ada/n1' },
    version: 7,
    status: 200,
  })
  expect((await client.getNote({ params })).body.text).toBe('é')
})

test('a POST says where the new thing is, and is the same call under the same key', async () => {
  const ask = { params: { userId: 'ada' }, body: { text: 'hello' } }
  const [one, again, other] = [
    await client.addNote({ ...ask, idempotencyKey: 'k1' }),
    await client.addNote({ ...ask, idempotencyKey: 'k1' }),
    await client.addNote(ask),
  ]
  expect(one).toMatchObject({ status: 201, location: '/v1/users/ada/notes/x' })
  expect(again.body).toEqual(one.body)
  expect(other.body).not.toEqual(one.body)
})

test('a refusal is the Problem that the server threw, with its places', async () => {
  const refused = client.addNote({ params: { userId: 'ada' }, body: { text: 'too long' } })
  const problem = await refused.catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(Problem)
  expect((problem as Problem).code).toBe('too_long')
  expect((problem as Problem).errors?.map(({ pointer }) => pointer)).toEqual(['/text'])
  await expect(makeClient(api, { url, token: 'wrong' }).hear({})).rejects.toMatchObject({ code: 'unauthorized' })
})

test('bytes go as they are, on a version', async () => {
  const params = { userId: 'ada', noteId: 'n1' }
  expect(await client.putNote({ params, body: 'four', ifMatch: 4 })).toMatchObject({ status: 204 })
  await expect(client.putNote({ params, body: 'four', ifMatch: 5 })).rejects.toMatchObject({ code: 'precondition_failed' })
})

test('events are heard in order, from the one after the last', async () => {
  const { events } = await client.hear({ lastEventId: '0' })
  const heard: unknown[] = []
  for await (const event of events) heard.push(event)
  expect(heard).toEqual([
    { id: '1', event: 'day', data: { heard: '0' } },
    { id: '2', event: 'job', data: ['a\n\nb'] },
  ])
})

test('nobody at the address is unavailable', async () => {
  await expect(makeClient(api, { url: 'http://127.0.0.1:1', token: 'x' }).hear({})).rejects.toMatchObject({ code: 'unavailable' })
})
