import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Api } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import { type Done, makeServer, type ServerParts } from './server.ts'

const api = {
  getNote: {
    method: 'get',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Read a note',
    scope: 'profile:read',
    grant: { resource: 'profile', access: 'read' },
    audit: 'read',
    query: z.object({ limit: z.coerce.number().int().min(1).max(10).default(5) }),
    reply: { type: 'json', status: 200, schema: z.object({ text: z.string(), limit: z.number() }) },
    problems: [],
    versioned: 'read',
  },
  putNote: {
    method: 'put',
    path: '/v1/users/{userId}/notes/{noteId}',
    summary: 'Write a note',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: z.object({ text: z.string().max(10) }), maxBytes: 100 },
    reply: { type: 'none', status: 204 },
    problems: [],
    versioned: 'must',
  },
  addNote: {
    method: 'post',
    path: '/v1/users/{userId}/notes',
    summary: 'Add a note',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: z.object({ text: z.string() }), maxBytes: 100 },
    reply: { type: 'json', status: 201, schema: z.object({ id: z.string() }) },
    problems: [],
  },
} as const satisfies Api

const person: Principal = { kind: 'person', userId: 'ada', scopes: ['profile:read', 'profile:write'], credential: 'k1' }
const parts: ServerParts<typeof api, { readonly notes: Map<string, string> }> = {
  api,
  deps: { notes: new Map([['n1', 'hello']]) },
  handlers: {
    getNote: async ({ notes }, { params, query }) => {
      const text = notes.get(params.noteId)
      if (text === undefined) throw new Problem('not_found', 'No note')
      return { body: { text, limit: query.limit }, version: 3 }
    },
    putNote: async ({ notes }, { params, body, ifMatch }) => {
      if (ifMatch !== 3) throw new Problem('precondition_failed', 'Another version')
      notes.set(params.noteId, body.text)
      return {}
    },
    addNote: async (_, { callId }) => ({ body: { id: callId }, location: '/v1/x' }),
  },
  gate: {
    authenticate: async (header) => {
      if (header !== 'Bearer secret') throw new Problem('unauthorized', 'No valid credential.')
      return person
    },
    mayByGrant: async (owner) => owner === 'friend',
  },
}
const server = makeServer(parts)
afterEach(() => {
  parts.deps.notes.set('n1', 'hello')
})

const authorization = 'Bearer secret'
async function ask(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH',
  url: string,
  headers: Record<string, string> = {},
  payload?: string | Buffer,
) {
  const reply = await server.inject({ method, url, headers: { authorization, ...headers }, ...(payload !== undefined && { payload }) })
  return { status: reply.statusCode, headers: reply.headers, body: reply.body === '' ? undefined : JSON.parse(reply.body) }
}

test('a read answers with its version, and not again to who has it', async () => {
  const found = await ask('GET', '/v1/users/ada/notes/n1?limit=7')
  expect(found).toMatchObject({ status: 200, body: { text: 'hello', limit: 7 }, headers: { etag: '"3"', 'cache-control': 'no-store' } })
  expect(await ask('GET', '/v1/users/ada/notes/n1', { 'if-none-match': '"3"' })).toMatchObject({ status: 304, body: undefined })
})

test.each([
  ['no credential', 'GET', '/v1/users/ada/notes/n1', { authorization: 'Bearer wrong' }, undefined, 401, 'unauthorized'],
  ['another person', 'GET', '/v1/users/bob/notes/n1', {}, undefined, 404, 'not_found'],
  [
    'another person by a grant that does not cover it',
    'PUT',
    '/v1/users/friend/notes/n1',
    { 'if-match': '"3"' },
    '{"text":"x"}',
    404,
    'not_found',
  ],
  ['an absent thing', 'GET', '/v1/users/ada/notes/n2', {}, undefined, 404, 'not_found'],
  ['an address that is none', 'GET', '/v1/nothing', {}, undefined, 404, 'not_found'],
  ['a method that is none', 'DELETE', '/v1/users/ada/notes/n1', {}, undefined, 405, 'method_not_allowed'],
  ['an id that is none', 'GET', '/v1/users/a%20b/notes/n1', {}, undefined, 400, 'invalid_id'],
  ['a parameter out of range', 'GET', '/v1/users/ada/notes/n1?limit=0', {}, undefined, 400, 'bad_parameter'],
  ['an unknown parameter', 'GET', '/v1/users/ada/notes/n1?page=1', {}, undefined, 400, 'unknown_parameter'],
  ['a parameter twice', 'GET', '/v1/users/ada/notes/n1?limit=1&limit=2', {}, undefined, 400, 'repeated_parameter'],
  ['a token in the address', 'GET', '/v1/users/ada/notes/n1?token=x', {}, undefined, 400, 'credential_in_url'],
  [
    'no media type',
    'PUT',
    '/v1/users/ada/notes/n1',
    { 'if-match': '"3"', 'content-type': 'text/plain' },
    '{"text":"x"}',
    415,
    'unsupported_media_type',
  ],
  ['no version', 'PUT', '/v1/users/ada/notes/n1', {}, '{"text":"x"}', 428, 'precondition_required'],
  ['another version', 'PUT', '/v1/users/ada/notes/n1', { 'if-match': '"2"' }, '{"text":"x"}', 412, 'precondition_failed'],
  ['no JSON', 'PUT', '/v1/users/ada/notes/n1', { 'if-match': '"3"' }, '{"text":', 400, 'malformed_json'],
  ['too long a text', 'PUT', '/v1/users/ada/notes/n1', { 'if-match': '"3"' }, '{"text":"12345678901"}', 422, 'too_long'],
  ['too large a body', 'PUT', '/v1/users/ada/notes/n1', { 'if-match': '"3"' }, `{"text":"${'x'.repeat(200)}"}`, 413, 'body_too_large'],
  ['no Idempotency-Key', 'POST', '/v1/users/ada/notes', {}, '{"text":"x"}', 400, 'idempotency_key_required'],
] as const)('%s is refused: %s %s', async (_, method, url, headers, payload, status, code) => {
  const type = payload === undefined ? {} : { 'content-type': 'application/json' }
  const refused = await ask(method, url, { ...type, ...headers }, payload)
  expect(refused).toMatchObject({ status, body: { status, code }, headers: { 'content-type': 'application/problem+json' } })
  expect(refused.body.requestId).toBe(refused.headers['x-request-id'])
  expect(parts.deps.notes.get('n1')).toBe('hello')
})

test('a grant opens what it covers', async () => {
  expect(await ask('GET', '/v1/users/friend/notes/n1')).toMatchObject({ status: 200 })
})

test('foreign and absent are told in the same words', async () => {
  const words = ({ body: { requestId: _, detail: __, ...rest } }: Awaited<ReturnType<typeof ask>>) => rest
  expect(words(await ask('GET', '/v1/users/bob/notes/n1'))).toEqual(words(await ask('GET', '/v1/users/ada/notes/n2')))
})

test('a POST repeated with its key is the same call, with another it is another', async () => {
  const add = (key: string) =>
    ask('POST', '/v1/users/ada/notes', { 'idempotency-key': key, 'content-type': 'application/json' }, '{"text":"x"}')
  const [first, again, other] = [await add('a'), await add('a'), await add('b')]
  expect(first).toMatchObject({ status: 201, headers: { location: '/v1/x' } })
  expect(again.body.id).toBe(first.body.id)
  expect(other.body.id).not.toBe(first.body.id)
})

test('a body may be packed, and no more than the limit is unpacked', async () => {
  const { gzipSync, zstdCompressSync } = await import('node:zlib')
  const headers = { 'if-match': '"3"', 'content-type': 'application/json' }
  for (const [coding, pack] of [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    expect(
      await ask('PUT', '/v1/users/ada/notes/n1', { ...headers, 'content-encoding': coding }, pack(Buffer.from(`{"text":"${coding}"}`))),
    ).toMatchObject({ status: 204 })
    expect(parts.deps.notes.get('n1')).toBe(coding)
    const bomb = pack(Buffer.from(`{"text":"${'0'.repeat(10_000_000)}"}`))
    expect((await ask('PUT', '/v1/users/ada/notes/n1', { ...headers, 'content-encoding': coding }, bomb)).body).toMatchObject({
      status: 413,
    })
  }
  expect((await ask('PUT', '/v1/users/ada/notes/n1', { ...headers, 'content-encoding': 'br' }, '{}')).body).toMatchObject({
    code: 'unsupported_encoding',
  })
})

test('a bug says nothing of itself', async () => {
  const bugs: unknown[] = []
  const broken = makeServer({
    ...parts,
    handlers: { ...parts.handlers, getNote: () => Promise.reject(new Error('heart rate 61.7')) },
    onDone: ({ error }) => bugs.push(error),
  })
  const reply = await broken.inject({ method: 'GET', url: '/v1/users/ada/notes/n1', headers: { authorization } })
  expect(reply.statusCode).toBe(500)
  expect(reply.body).not.toContain('61.7')
  expect(bugs).toEqual([expect.objectContaining({ message: 'heart rate 61.7' })])
})

test('no server is made of an endpoint without a scope, nor of two at one address', () => {
  const { scope: _, ...open } = api.getNote
  expect(() => makeServer({ ...parts, api: { ...api, getNote: open } as unknown as typeof api })).toThrow('getNote has no scope')
  const handlers = { ...parts.handlers, another: parts.handlers.getNote }
  expect(() => makeServer({ ...parts, api: { ...api, another: api.getNote }, handlers })).toThrow('already declared')
})

test('a table of which one handler is missing does not compile', () => {
  const { addNote: _, ...rest } = parts.handlers
  // @ts-expect-error -- addNote
  const handlers: typeof parts.handlers = rest
  expect(Object.keys(handlers)).toEqual(['getNote', 'putNote'])
})

test('what is too much is refused before it is asked who calls, and says when to come again', async () => {
  const asked: unknown[] = []
  const busy = makeServer({
    ...parts,
    gate: { ...parts.gate, authenticate: async (header) => Promise.reject(asked.push(header)) },
    admit: () => {
      throw new Problem('overloaded', 'More than it can answer.')
    },
  })
  const reply = await busy.inject({ method: 'GET', url: '/v1/users/ada/notes/n1', headers: { authorization } })
  expect([reply.statusCode, reply.headers['retry-after'], reply.json().code]).toEqual([503, '1', 'overloaded'])
  expect(asked).toEqual([])
})

test('where nothing is taken, a call that hands something in is refused before it is one, and the connection goes on', async () => {
  const told: Done[] = []
  const admitted: string[] = []
  let isFull = true
  const busy = makeServer({
    ...parts,
    admit: ({ summary }) => {
      admitted.push(summary)
      return () => undefined
    },
    isFull: () => isFull,
    onDone: (done) => told.push(done),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ports = new Set<number>()
  try {
    const url = await busy.listen({ host: '127.0.0.1', port: 0 })
    busy.server.on('connection', ({ remotePort }) => ports.add(remotePort ?? 0))
    const ask = (method: string, text: string, path = '/v1/users/ada/notes') => askOver(agent, `${url}${path}`, method, text)
    const { status, headers, body } = await ask('POST', `{"text":"${'x'.repeat(50_000)}"}`)
    expect([status, headers['retry-after'], headers['content-type'], body.code]).toEqual([
      503,
      '1',
      'application/problem+json',
      'overloaded',
    ])
    expect(body.requestId).toBe(headers['x-request-id'])
    expect(told).toMatchObject([{ status: 503, code: 'overloaded', method: 'POST', requestId: body.requestId }])
    expect(admitted).toEqual([])
    // What reads goes on: streams are admitted always. So does what has a key in its address, which is ended whatever becomes of it.
    expect((await ask('GET', '', '/v1/users/ada/notes/n1')).status).toBe(200)
    expect((await ask('POST', '{"text":"x"}', '/v1/users/ada/notes?key=clk_0')).body.code).not.toBe('overloaded')
    isFull = false
    expect((await ask('POST', '{"text":"x"}')).status).toBe(201)
    expect(admitted.at(-1)).toBe('Add a note')
    expect(ports.size).toBe(1)
    isFull = true
    // So does a long body, whose connection ends, since nobody reads it to its end.
    const long = await ask('POST', `{"text":"${'x'.repeat(200_000)}"}`)
    expect([long.body.code, long.headers.connection]).toEqual(['body_too_large', 'close'])
  } finally {
    agent.destroy()
    await busy.close()
  }
})

test('a call that waited for its turn is not begun where nobody waits for it any more', async () => {
  const turn = Promise.withResolvers<() => void>()
  const arrived = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const asked: unknown[] = []
  const busy = makeServer({
    ...parts,
    gate: { ...parts.gate, authenticate: async (header) => Promise.reject(asked.push(header)) },
    admit: () => {
      arrived.resolve()
      return turn.promise
    },
  })
  try {
    const { port } = new URL(await busy.listen({ host: '127.0.0.1', port: 0 }))
    const closed = new Promise((resolve) => busy.server.once('connection', (socket) => socket.once('close', resolve)))
    const client = connect(Number(port), '127.0.0.1')
    client.write(`GET /v1/users/ada/notes/n1 HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`)
    await arrived.promise
    client.destroy()
    await closed
    turn.resolve(over.resolve)
    await over.promise
    expect(asked).toEqual([])
  } finally {
    await busy.close()
  }
})

interface Told {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
}

/** Over a connection of the agent's. */
function askOver(agent: Agent, url: string, method: string, text: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      ...(text !== '' && { 'content-type': 'application/json', 'content-length': text.length, 'idempotency-key': 'k1' }),
    }
    const asked = request(url, { method, agent, headers }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray())
      resolve({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(bytes.toString()) })
    })
    asked.on('error', reject).end(text)
  })
}
