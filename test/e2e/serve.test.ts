import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { run } from './cli.ts'
import { type ServerProcess, startServer } from './server-process.ts'

let data = ''
let key = ''
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'clarity-serve-'))
  await using house = await openHouse({ data })
  await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'Europe/Berlin') }])
  key = (await makeKey(house, { kind: 'service' })).text
})
afterAll(() => rmSync(data, { recursive: true }))

function linesOf(server: ServerProcess): Record<string, unknown>[] {
  return server
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

test('a server answers for itself without a credential, and for nobody else', async () => {
  await using server = await startServer({ data })
  for (const [path, type, word] of [
    ['/healthz', 'text/plain', 'ok'],
    ['/readyz', 'text/plain', 'ready'],
    ['/metrics', 'text/plain', 'clarity_event_loop_delay_seconds'],
    ['/v1/openapi.json', 'application/json', '"openapi":"3.1.1"'],
    ['/docs', 'text/html', 'Clarity Loop API'],
  ] as const) {
    const response = await fetch(server.url + path)
    expect(response.status, path).toBe(200)
    expect(response.headers.get('content-type'), path).toContain(type)
    expect(await response.text()).toContain(word)
  }
  const refused = await fetch(`${server.url}/v1/users/ada/permissions`)
  expect(refused.status).toBe(401)
  expect(await server.end()).toBe(0)
})

test('F124: a server that was given names answers to them and to addresses, and to no other name', async () => {
  await using server = await startServer({ data, env: { CLARITY_HOSTS: 'health.example.org' } })
  const { hostname, port } = new URL(server.url)
  const statusFor = async (host: string) => {
    const [reply] = await once(get({ hostname, port, path: '/healthz', headers: { host } }), 'response')
    reply.resume()
    return reply.statusCode
  }
  for (const host of ['health.example.org', `Health.Example.org:${port}`, '10.0.0.9', `${hostname}:${port}`])
    expect(await statusFor(host), host).toBe(200)
  for (const host of ['evil.example', `evil.example:${port}`, 'health.example.org.evil.example'])
    expect(await statusFor(host), host).toBe(421)
})

test('a command that finds the store held says where the server answers', async () => {
  await using server = await startServer({ data })
  const { code, err } = run('cli', ['users'], { data })
  expect(code).toBe(1)
  expect(err).toContain(`clarity serve (process ${server.pid}); reach it with --url ${server.url}`)
})

test('each call is one line of the log, and one of the counters, with ids and codes', async () => {
  await using server = await startServer({ data })
  const found = await fetch(`${server.url}/v1/users/ada/permissions`, { headers: { authorization: `Bearer ${key}` } })
  const refused = await fetch(`${server.url}/v1/users/ada/permissions?heart=61`, { headers: { authorization: `Bearer ${key}` } })
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/clarity_http_requests_total\{endpoint="\w*Permissions",status="200",code=""\} 1/i)
  expect(metrics).toMatch(/clarity_http_requests_total\{endpoint="\w+",status="400",code="unknown_parameter"\} 1/)
  expect(metrics).toMatch(/clarity_jobs\{status="pending"\} \d+/)
  await server.end()
  expect(linesOf(server).map(({ event }) => event)).toEqual(['started', 'request', 'request', 'stopping', 'stopped'])
  expect(linesOf(server)).toContainEqual({
    at: expect.stringMatching(/^\d{4}-/),
    level: 'info',
    event: 'request',
    requestId: refused.headers.get('x-request-id'),
    endpoint: expect.any(String),
    method: 'GET',
    status: 400,
    ms: expect.any(Number),
    credential: expect.stringMatching(/^[0-9a-f]{32}$/),
    code: 'unknown_parameter',
  })
  expect(found.status).toBe(200)
  expect(server.log()).not.toContain(key)
  expect(server.log() + metrics).not.toMatch(/ada|heart/)
})

test('what was taken before SIGTERM is answered, nothing is taken after it, and the exit code is 0', async () => {
  await using server = await startServer({ data })
  const body = JSON.stringify({ purpose: 'dataSharing', given: true, textVersion: '1' })
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  const head = [
    'POST /v1/users/ada/consents HTTP/1.1',
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    'idempotency-key: a',
    'expect: 100-continue',
    `content-length: ${body.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  expect(answer).toMatch(/^HTTP\/1.1 100/)
  const ended = server.end()
  await expect.poll(() => server.log()).toContain('"stopping"')
  await expect
    .poll(() =>
      fetch(`${server.url}/healthz`).then(
        ({ status }) => status,
        () => 'refused',
      ),
    )
    .not.toBe(200)
  const closed = once(socket, 'close')
  socket.write(body)
  await closed
  expect(answer).toMatch(/HTTP\/1.1 201 /)
  expect(await ended).toBe(0)
})

test('a fault that nobody caught is logged without its sentence, and ends the process with 1', async () => {
  const fault = "process.on('SIGUSR2', () => setImmediate(() => { throw new TypeError('heart rate 61') }))"
  await using server = await startServer({ data, node: ['--import', `data:text/javascript,${encodeURIComponent(fault)}`] })
  expect(await server.end('SIGUSR2')).toBe(1)
  expect(linesOf(server).slice(1)).toMatchObject([
    { level: 'error', event: 'fault', error: 'TypeError' },
    { event: 'stopped', code: 1 },
  ])
  expect(server.log()).not.toContain('heart rate')
})

test('F24: a server that has no file left to open turns away whom it cannot take, and answers when there is room', async () => {
  await using server = await startServer({ data, files: 60 })
  const port = Number(new URL(server.url).port)
  const another = () => connect(port, '127.0.0.1').on('error', () => undefined)
  const sockets = Array.from({ length: 100 }, another)
  // It closes those that are too many.
  await Promise.race(sockets.map((socket) => once(socket, 'close')))
  const isTaken = () => fetch(`${server.url}/healthz`).then(Boolean, () => false)
  // A file that it had open as it started may have left room for one.
  while (await isTaken()) sockets.push(another())
  for (const socket of sockets) socket.destroy()
  while (!(await fetch(`${server.url}/readyz`).catch(() => undefined))?.ok);
  expect(linesOf(server).filter(({ level }) => level === 'error')).toEqual([])
  expect(await server.end()).toBe(0)
})

test('npm start prints a link that is good for one key, once', async () => {
  await using server = await startServer({ data, program: 'start' })
  const exchange = (again: string) =>
    fetch(`${server.url}/v1/sign-in`, { method: 'POST', headers: { authorization: `Bearer ${server.signIn}`, 'idempotency-key': again } })
  const first = await exchange('a')
  expect(first.status).toBe(201)
  const { key: session } = (await first.json()) as { key: string }
  expect((await fetch(`${server.url}/v1/users/ada/permissions`, { headers: { authorization: `Bearer ${session}` } })).status).toBe(200)
  expect((await exchange('b')).status).toBe(401)
  expect([401, 409]).toContain((await exchange('a')).status)
})

test('the link is the last that a first start prints, after its warning to keep the root key', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'clarity-serve-'))
  const program = join(import.meta.dirname, '../../src/app/start.js')
  const child = spawn('sh', ['-c', 'exec "$0" "$1" 2>&1', process.execPath, program], {
    env: { PATH: process.env.PATH, CLARITY_DATA: empty, CLARITY_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines: string[] = []
  try {
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      const [, url = ''] = /^Sign in\b.* (http\S+)\/sign-in#/.exec(line) ?? []
      if (url === '') continue
      // The dashboard is built meanwhile; once its page is there nothing more is to be said.
      expect((await fetch(url)).status).toBe(200)
      child.kill()
    }
    await ended
    expect(lines.map((line) => line.split(' ', 4).join(' '))).toEqual(['A root key was', 'Clarity Loop answers at', 'Sign in, once and'])
  } finally {
    child.kill('SIGKILL')
    rmSync(empty, { recursive: true })
  }
})

test('a page of the dashboard runs scripts of this server and no other, and tells nobody where it came from', async () => {
  await using server = await startServer({ data })
  for (const path of ['/', '/sign-in', '/people/ada']) {
    const page = await fetch(server.url + path)
    const html = await page.text()
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(html) ?? []
    const got = await fetch(server.url + script, { headers: { 'accept-encoding': 'gzip' } })
    expect(got.headers.get('content-type')).toContain('text/javascript')
    expect(got.headers.get('content-encoding')).toBe('gzip')
    expect(got.headers.get('cache-control')).toContain('immutable')
  }
  expect((await fetch(`${server.url}/assets/none.js`)).status).toBe(404)
  expect((await fetch(`${server.url}/elsewhere`)).status).toBe(404)
})

test('a server that others could reach does not start without a credential', () => {
  const empty = mkdtempSync(join(tmpdir(), 'clarity-serve-'))
  try {
    const { code, err } = run('cli', ['serve'], { data: empty, env: { CLARITY_HOST: '0.0.0.0', CLARITY_PORT: '0' } })
    expect(code).toBe(2)
    expect(err).toContain('clarity keys create')
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test('an address that is taken is said', async () => {
  await using server = await startServer({ data })
  const other = mkdtempSync(join(tmpdir(), 'clarity-serve-'))
  try {
    const { code, err } = run('cli', ['serve'], { data: other, env: { CLARITY_PORT: new URL(server.url).port } })
    expect(code).toBe(1)
    expect(err).toContain('EADDRINUSE')
  } finally {
    rmSync(other, { recursive: true })
  }
})
