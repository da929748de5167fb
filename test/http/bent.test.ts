import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { makeServer, type ServerParts } from '../../src/http/server.ts'
import { isProblemCode } from '../../src/model/problem.ts'
import { openSocket, sendRaw, untilEnd } from './raw.ts'
import { type ToyDeps, toyApi, toyGate, toyHandlers } from './toy.ts'

const documents = openSqliteDocuments('sqlite::memory:')
const parts: ServerParts<typeof toyApi, ToyDeps> = { api: toyApi, handlers: toyHandlers, deps: { documents }, gate: toyGate }
const server = makeServer({ ...parts, isHost: (name) => name === '127.0.0.1' })
const url = await server.listen({ host: '127.0.0.1', port: 0 })
const hasty = makeServer({ ...parts, times: { headersMs: 100, everyMs: 20 }, patience: { graceMs: 100, bytesPerS: 8192 } })
const hastyUrl = await hasty.listen({ host: '127.0.0.1', port: 0 })
afterAll(async () => {
  await server.close()
  await hasty.close()
  await documents.close()
})

const host = 'Host: 127.0.0.1\r\nAuthorization: Bearer ada\r\n'
const json = 'Content-Type: application/json\r\n'
const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\n${host}${headers}Connection: close\r\n\r\n`
const note = '/v1/users/ada/notes/n1'
const put = (headers: string, body = '') => `PUT ${note} HTTP/1.1\r\n${host}${json}${headers}\r\n${body}`
const post = (headers: string, body = '{"text":"x"}') =>
  `POST /v1/users/ada/notes HTTP/1.1\r\n${host}${json}Content-Length: ${body.length}\r\nConnection: close\r\n${headers}\r\n${body}`
const smuggled = 'GET /v1/users/ada/notes/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'

test.each([
  ['F111: no Authorization', `GET ${note} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`, 401, 'unauthorized'],
  [
    'F111: an empty Authorization',
    `GET ${note} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization:\r\nConnection: close\r\n\r\n`,
    401,
    'unauthorized',
  ],
  ['F112: two Authorization headers', get(note, 'Authorization: Bearer ben\r\n'), 400, 'bad_header'],
  ['F119: a token of 8 kB', get(note).replace('Bearer ada', `Bearer ${'a'.repeat(8000)}`), 431, 'headers_too_large'],
  ['F119: 20 kB of headers', get(note, `X-A: ${'a'.repeat(20_000)}\r\n`), 431, 'headers_too_large'],
  ['F119: 50 kB of headers', get(note, `X-A: ${'a'.repeat(25_000)}\r\nX-B: ${'b'.repeat(25_000)}\r\n`), 431, 'headers_too_large'],
  [
    'F120: Content-Length and Transfer-Encoding',
    put('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`),
    400,
    'malformed_request',
  ],
  ['F120: two of Content-Length', put('Content-Length: 12\r\nContent-Length: 60\r\n', `{"text":"x"}${smuggled}`), 400, 'malformed_request'],
  ['F120: a Content-Length with a sign', put('Content-Length: +12\r\n', `{"text":"x"}${smuggled}`), 400, 'malformed_request'],
  [
    'F120: a Transfer-Encoding that is not chunked last',
    put('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`),
    400,
    'malformed_request',
  ],
  ['F120: a folded header', get(note, 'X-A: a\r\n b\r\n'), 400, 'malformed_request'],
  ['F120: a space before the colon', get(note, 'Content-Length : 5\r\n'), 400, 'malformed_request'],
  ['F120: lines that end without CR', get(note).replaceAll('\r\n', '\n'), 400, 'malformed_request'],
  ['F120: a chunk whose length is none', put('Transfer-Encoding: chunked\r\n', 'xyz\r\n{}\r\n0\r\n\r\n'), 400, 'malformed_request'],
  ['F121: no Idempotency-Key', post(''), 400, 'idempotency_key_required'],
  ['F121: one of 256 characters', post(`Idempotency-Key: ${'k'.repeat(256)}\r\n`), 400, 'idempotency_key_required'],
  ['F121: one that is not ASCII', post('Idempotency-Key: k\u00e9y\r\n'), 400, 'idempotency_key_required'],
  ['F121: two', post('Idempotency-Key: a\r\nIdempotency-Key: b\r\n'), 400, 'bad_header'],
  ['F124: a forged Host', get(note).replace('127.0.0.1', 'evil.example'), 421, 'misdirected'],
  ['F124: no Host', get(note).replace('Host: 127.0.0.1\r\n', ''), 400, 'bad_header'],
  ['F124: two Hosts', get(note, 'Host: evil.example\r\n'), 400, 'bad_header'],
  ['F124: only HTML accepted', get(note, 'Accept: text/html\r\n'), 406, 'not_acceptable'],
  ['F124: JSON refused', get(note, 'Accept: application/json;q=0\r\n'), 406, 'not_acceptable'],
  ['F125: CR in a header', get(note, 'X-A: a\rb\r\n'), 400, 'malformed_request'],
  ['F125: LF in a header', get(note, 'X-A: a\nb: c\r\n'), 400, 'malformed_request'],
  ['F125: NUL in a header', get(note, 'X-A: a\0b\r\n'), 400, 'malformed_request'],
  ['F125: an expectation that is unknown', post('Idempotency-Key: a\r\nExpect: 200-ok\r\n'), 417, 'expectation_failed'],
  ['F126: TRACE', get(note).replace('GET', 'TRACE'), 405, 'method_not_allowed'],
  ['F126: CONNECT', `CONNECT 127.0.0.1:80 HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed'],
  ['F126: a method that HTTP has and nobody here', get(note).replace('GET', 'PROPFIND'), 405, 'method_not_allowed'],
  ['F126: a method that is none', get(note).replace('GET', 'FETCH'), 405, 'method_not_allowed'],
  ['F126: a method of another address', get(note).replace('GET', 'DELETE'), 405, 'method_not_allowed'],
  [
    'F127: an If-Match that is no ETag of ours',
    put('If-Match: W/"1"\r\nContent-Length: 12\r\nConnection: close\r\n', '{"text":"x"}'),
    412,
    'precondition_failed',
  ],
  ['E99: a limit of 0', get(`${note}?limit=0`), 400, 'bad_parameter'],
  ['E99: a limit of -1', get(`${note}?limit=-1`), 400, 'bad_parameter'],
  ['E99: a limit of 1e9', get(`${note}?limit=1e9`), 400, 'bad_parameter'],
  ['E99: a limit of abc', get(`${note}?limit=abc`), 400, 'bad_parameter'],
  ['E99: a limit of 1.5', get(`${note}?limit=1.5`), 400, 'bad_parameter'],
  ['E99: a limit of 1,001', get(`${note}?limit=1001`), 400, 'bad_parameter'],
  ['E100: a parameter twice', get(`${note}?limit=1&limit=2`), 400, 'repeated_parameter'],
  ['E101: a parameter with brackets', get(`${note}?limit[]=1`), 400, 'unknown_parameter'],
  ['E101: a parameter with a prototype', get(`${note}?limit[__proto__]=1`), 400, 'unknown_parameter'],
  ['E101: a prototype as parameter', get(`${note}?__proto__=1`), 400, 'unknown_parameter'],
  ['E104: a sort that nobody has', get(`${note}?sort=password`), 400, 'unknown_parameter'],
  ['E106: NUL in a parameter', get(`${note}?limit=%00`), 400, 'bad_parameter'],
  ['E106: a parameter that is not encoded', get(`${note}?limit=%ZZ`), 400, 'bad_parameter'],
  ['E106: an address that is not encoded', get('/v1/users/ada/notes/%ZZ'), 400, 'bad_parameter'],
  ['E106: an address of 16 kB', get(`${note}?limit=${'1'.repeat(16_000)}`), 414, 'uri_too_long'],
  ['E106: an address of 60 kB', get(`/${'a'.repeat(60_000)}`), 414, 'uri_too_long'],
  ['E107: whose data, as a parameter', get(`${note}?userId=ben`), 400, 'unknown_parameter'],
  ['E108: a token in the address', get(`${note}?access_token=secret`), 400, 'credential_in_url'],
  [
    'E108: a token in the address, nowhere else',
    `GET ${note}?token=x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    400,
    'credential_in_url',
  ],
  ['E109: SQL', get(`${note}?limit=%27%20OR%201=1`), 400, 'bad_parameter'],
  ['E110: a parameter that nobody has', get(`${note}?page=1`), 400, 'unknown_parameter'],
  ...[
    '..%2fx',
    '%2e%2e',
    '../x',
    '.',
    '%2e',
    'a%2fb',
    'a%00b',
    '__x__',
    '',
    '%20',
    'x'.repeat(129),
    'x'.repeat(1501),
    'p%C3%A4ul',
    '\u0430da'.replace('\u0430', '%D0%B0'),
    "'%20OR%201=1",
    '%24gt',
  ].map((id) => [`J163: the id ${id.slice(0, 20)}`, get(`/v1/users/ada/notes/${id}`), 400, 'invalid_id'] as const),
  ['J166: an id of another person', get('/v1/users/ben/notes/n1'), 404, 'not_found'],
] as const)('%s is refused, and the connection ends', async (_, bytes, status, code) => {
  const answers = await sendRaw(url, bytes)
  expect(answers).toHaveLength(1)
  const [answer] = answers
  expect({ status: answer?.status, ...JSON.parse(answer?.body ?? '') }).toMatchObject({ status, code })
  expect(answer?.headers).toMatchObject({ 'content-type': 'application/problem+json', connection: 'close' })
})

test.each(['CON', 'constructor', 'null', '0', 'toString', '-'])('J164: the id %s is plain text', async (id) => {
  const [answer] = await sendRaw(url, get(`/v1/users/ada/notes/${id}`))
  expect({ status: answer?.status, body: answer?.body }).toEqual({ status: 200, body: JSON.stringify({ noteId: id }) })
})

test('J165: a UUID is the same in either letter case', async () => {
  const [answer] = await sendRaw(url, get('/v1/users/ada/notes/3F2504E0-4F89-41D3-9A0C-0305E82C3301'))
  expect(answer?.body).toBe('{"noteId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}')
})

test.each([
  'X-Forwarded-For: 10.0.0.1',
  'X-User-Id: ben',
  'X-HTTP-Method-Override: DELETE',
  'X-Original-URL: /v1/users/ben/notes/n1',
  'X-Forwarded-Host: evil.example',
])('F123: %s changes nothing', async (header) => {
  const [answer] = await sendRaw(url, get(note, `${header}\r\n`))
  expect({ status: answer?.status, body: answer?.body }).toEqual({ status: 200, body: '{"noteId":"n1"}' })
})

test('F125: 100-continue is answered', async () => {
  const [go, answer] = await sendRaw(url, put('Content-Length: 12\r\nExpect: 100-continue\r\nConnection: close\r\n', '{"text":"x"}'))
  expect([go?.status, answer?.status]).toEqual([100, 200])
})

test.each([
  [
    'by its length',
    `Content-Length: ${toyApi.putNote.body.maxBytes + 1}\r\n`,
    'x'.repeat(toyApi.putNote.body.maxBytes + 1),
    'body_too_large',
  ],
  ['as it comes', 'Transfer-Encoding: chunked\r\n', `200000\r\n${'x'.repeat(0x200000)}\r\n0\r\n\r\n`, 'body_too_large'],
])('A26: a body beyond the limit is refused %s, and the answer arrives', async (_, headers, body, code) => {
  const [answer] = await sendRaw(url, put(headers, body))
  expect({ status: answer?.status, ...JSON.parse(answer?.body ?? '{}') }).toMatchObject({ status: 413, code })
  expect(answer?.headers.connection).toBe('close')
})

test('A27: a bomb is refused before it is unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000))
  const before = process.memoryUsage().rss
  const head = put(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`)
  const [answer] = await sendRaw(url, head, bomb)
  expect({ status: answer?.status, ...JSON.parse(answer?.body ?? '{}') }).toMatchObject({ status: 413, code: 'decompressed_too_large' })
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})

test.each([
  ['A28: packed twice', `${json}Content-Encoding: gzip, gzip\r\n`, 'unsupported_encoding'],
  ['A28: packed otherwise', `${json}Content-Encoding: br\r\n`, 'unsupported_encoding'],
  ['A28: not packed as it says', `${json}Content-Encoding: gzip\r\n`, 'unsupported_encoding'],
  ['A29: no media type', '', 'unsupported_media_type'],
  ['A29: text', 'Content-Type: text/plain\r\n', 'unsupported_media_type'],
  ['A29: another alphabet', 'Content-Type: application/json; charset=latin1\r\n', 'unsupported_media_type'],
  ['A30: a form of many parts', 'Content-Type: multipart/form-data; boundary=x\r\n', 'unsupported_media_type'],
])('%s is refused', async (_, headers, code) => {
  const [answer] = await sendRaw(
    url,
    `PUT ${note} HTTP/1.1\r\n${host}${headers}Content-Length: 12\r\nConnection: close\r\n\r\n{"text":"x"}`,
  )
  expect({ status: answer?.status, ...JSON.parse(answer?.body ?? '{}') }).toMatchObject({ status: 415, code })
})

test.each([
  ['headers', `GET ${note} HTTP/1.1\r\n${host}`],
  ['a body', put('Content-Length: 12\r\n', '{"te')],
  ['a packed body', put('Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n', '')],
])('F: a client that leaves %s half sent is cut off', async (_, bytes) => {
  const [answer] = await sendRaw(hastyUrl, bytes)
  expect({ status: answer?.status, ...JSON.parse(answer?.body ?? '{}') }).toMatchObject({ status: 408, code: 'too_slow' })
})

test('a body whose connection ends is no fault of the server', async () => {
  const codes: unknown[] = []
  const told = Promise.withResolvers<void>()
  const watched = makeServer({
    ...parts,
    onDone: ({ code }) => {
      codes.push(code)
      told.resolve()
    },
  })
  const at = await watched.listen({ host: '127.0.0.1', port: 0 })
  const socket = openSocket(at)
  socket.write(put('Content-Length: 12\r\n', '{"te'))
  await once(watched.server, 'request')
  socket.destroy()
  await told.promise
  await watched.close()
  expect(codes).toEqual(['truncated_stream'])
})

test('1,000 silent connections keep nobody out', async () => {
  const silent = Array.from({ length: 1000 }, () => openSocket(url))
  await Promise.all(silent.map((socket) => once(socket, 'connect')))
  for (const socket of silent) socket.write('GET /')
  const answers = await Promise.all(Array.from({ length: 50 }, () => sendRaw(url, get(note))))
  expect(answers.flat().map(({ status }) => status)).toEqual(Array(50).fill(200))
  for (const socket of silent) socket.destroy()
})

test('requests one behind the other are answered in turn, and a bent one ends the connection', async () => {
  const socket = openSocket(url)
  socket.write(`GET ${note} HTTP/1.1\r\n${host}\r\nGET ${note} HTTP/1.1\r\n${host}\r\nBENT\r\n\r\n`)
  const text = await untilEnd(socket)
  expect(text.match(/HTTP\/1\.1 \d+/g)?.at(-1)).toMatch(/HTTP\/1\.1 4\d\d/)
  for (const [, code = ''] of text.matchAll(/"code":"(\w+)"/g)) expect(isProblemCode(code)).toBe(true)
})
