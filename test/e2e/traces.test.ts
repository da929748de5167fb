import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { makeClient } from '../../src/client/client.ts'
import { startCollector, type ToldSpan } from '../engines/collector.ts'
import { run } from './cli.ts'
import { startServer } from './server-process.ts'

let folder = ''
let data = ''
let key = ''
let watched: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-traces-'))
  data = join(folder, 'data')
  key = run('cli', ['keys', 'create', '--scope', 'all'], { data }).out.trim()
  // Says each package of OpenTelemetry that the process asks for.
  const hooks = join(folder, 'hooks.mjs')
  writeFileSync(
    hooks,
    `import { registerHooks } from 'node:module'
     registerHooks({ resolve(name, context, next) {
       if (name.includes('opentelemetry') || name.includes('tracer/otlp')) process.stderr.write('LOADED ' + name + '\\n')
       return next(name, context)
     } })`,
  )
  watched = ['--import', hooks]
})
afterEach(() => rmSync(folder, { recursive: true }))

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

/** The walk of the README, in the trace of a caller. */
async function walk(url: string): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const once = init.method === 'POST' && { 'idempotency-key': path }
    const headers = { authorization: `Bearer ${key}`, traceparent: `00-${TRACE}-${CALLER}-01`, ...once, ...init.headers }
    const reply = await fetch(`${url}${path}`, { ...init, headers })
    return { status: reply.status, body: (await reply.json()) as { readonly jobId: string } }
  }
  const profile = { email: 'robin@example.org', displayName: 'Robin', timezone: 'America/New_York' }
  const json = { 'content-type': 'application/json' }
  await ask('/v1/users', { method: 'POST', body: JSON.stringify({ userId: 'robin', profile }), headers: json })
  await writeSynthetic(join(folder, 'export.zip'), { seed: 1, days: 3, lastDate: '2026-03-20' })
  const file = { method: 'POST', body: readFileSync(join(folder, 'export.zip')), headers: { 'content-type': 'application/zip' } }
  const { jobId } = (await ask('/v1/users/robin/imports', file)).body
  const client = makeClient(api, { url, token: key })
  for await (const _ of (await client.followJob({ params: { jobId } })).events);
  const job = await ask(`/v1/jobs/${jobId}`)
  expect(job.body).toMatchObject({ status: 'completed' })
  expect(JSON.stringify(job.body)).not.toContain('traceparent')
  expect((await ask('/v1/users/nobody')).status).toBe(404)
}

function factsOf({ attributes }: ToldSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key: name, value }) => [name, Object.values(value)[0]]))
}

test('calls, what they do, their stores and their jobs are told to the collector, in the trace of who asked', async () => {
  await using collector = await startCollector()
  await using server = await startServer({ data, node: watched, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
  await walk(server.url)
  expect(await server.end()).toBe(0)
  expect(server.log()).toContain('LOADED @opentelemetry/sdk-trace')
  const { spans } = collector
  const named = (name: string) => spans.filter((span) => span.name === name)
  const [call] = named('POST /v1/users/{userId}/imports')
  expect(call).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 2 })
  expect(call && factsOf(call)).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/v1/users/{userId}/imports',
    'http.response.status_code': 202,
  })
  const [flow] = named('flow startImport')
  expect(flow).toMatchObject({ traceId: TRACE, parentSpanId: call?.spanId })
  const below = (parent: ToldSpan | undefined) =>
    spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name)
  expect(below(flow)).toEqual(expect.arrayContaining(['documents.get', 'documents.batch', 'blobs.putStream']))
  const [job] = named('job import')
  // Its parent is the write that queued it.
  expect(job).toMatchObject({ traceId: TRACE, kind: 5 })
  expect(spans.find(({ spanId }) => spanId === job?.parentSpanId)).toMatchObject({ name: 'documents.batch', parentSpanId: flow?.spanId })
  expect(below(job)).toEqual(expect.arrayContaining(['documents.batch', 'thread of job import']))
  expect(below(named('thread of job import')[0])).toEqual(expect.arrayContaining(['blobs.putAll']))
  const [absent] = named('GET /v1/users/{userId}')
  expect(absent && factsOf(absent)).toMatchObject({ 'http.response.status_code': 404, 'error.type': 'not_found' })
  // Nobody's id, no file's name, no address; the figures of a trace are its times and counts.
  expect(collector.said()).not.toMatch(/robin|nobody|export\.zip|example\.org|clk_|America|heart|steps/)
})

test('where no collector is named nothing of it is loaded; one that does not answer keeps nobody waiting', async () => {
  await using server = await startServer({ data, node: watched })
  await walk(server.url)
  expect(await server.end()).toBe(0)
  // prom-client asks for the bare API by itself.
  const loaded = [...server.log().matchAll(/^LOADED (.*)$/gm)].map(([, name]) => name)
  expect(loaded.filter((name) => name !== '@opentelemetry/api')).toEqual([])
  await using deaf = await startServer({ data, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } })
  expect((await fetch(`${deaf.url}/v1/users/robin`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  expect(await deaf.end()).toBe(0)
})

test('a bad address of the collector stops the start with its name', () => {
  const { code, err } = run('cli', ['users'], { data, env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' } })
  expect(code).toBe(2)
  expect(err).toContain('OTEL_EXPORTER_OTLP_ENDPOINT must be an address')
})
