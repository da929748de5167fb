import { spawnSync } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'orval'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { run } from './cli.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const root = join(import.meta.dirname, '../..')
let folder = ''
let server: ServerProcess
let key = ''
let client: Record<string, Asking>

/** A function of the generated client: ids, then the body, then the query, then what `fetch` takes besides. */
// biome-ignore lint/suspicious/noExplicitAny: its types are those that the generator writes; the compiler checks them below
type Asking = (...given: any[]) => Promise<{ readonly status: number; readonly data: any }>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-generated-'))
  const data = join(folder, 'data')
  await writeSynthetic(join(folder, 'export.zip'), { seed: 1, days: 12, lastDate: '2026-03-20' })
  key = run('cli', ['keys', 'create', '--scope', 'all'], { data }).out.trim()
  server = await startServer({ data })
  const target = join(folder, 'client.ts')
  await generate({
    input: { target: `${server.url}/v1/openapi.json` },
    output: { target, client: 'fetch', mode: 'single', baseUrl: server.url },
  })
  client = await import(/* @vite-ignore */ target)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function asking(idempotencyKey?: string) {
  return { headers: { authorization: `Bearer ${key}`, ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) } }
}

function the(name: string): Asking {
  const asked = client[name]
  if (asked === undefined) throw new Error(`The generated client has no ${name}`)
  return asked
}

test('a client that another program made of the OpenAPI document performs the walk of the README', async () => {
  const profile = { email: 'me@example.org', displayName: 'Me', timezone: 'America/New_York' }
  expect(await the('createUser')({ userId: 'me', profile }, asking('first'))).toMatchObject({ status: 202, data: { userId: 'me' } })
  // Of the disk: its bytes are read as they are sent.
  const file = await openAsBlob(join(folder, 'export.zip'))
  const taken = await the('startImport')('me', file, {}, asking('second'))
  expect(taken).toMatchObject({ status: 202, data: { status: 'processing' } })
  const { jobId, importId } = taken.data
  const watched = () => the('getJob')(jobId, asking())
  await expect.poll(async () => (await watched()).data.status, { timeout: 50_000 }).toBe('completed')
  expect(await the('getImport')('me', importId, asking())).toMatchObject({ data: { report: { days: 12, duplicate: expect.any(Number) } } })
  const newest = (await the('listInsights')('me', { limit: 1 }, asking())).data.data[0]
  expect(newest).toMatchObject({ userId: 'me', date: expect.stringMatching(/^2026-03-/) })
  expect((await the('getInsight')('me', 'daily', newest.date, {}, asking())).data).toEqual(newest)
  expect((await the('listDays')('me', { limit: 7 }, asking())).data.data).toHaveLength(7)
})

test('a refusal comes through as the problem that it is', async () => {
  expect(await the('getUser')('nobody', asking())).toMatchObject({ status: 404, data: { code: 'not_found', status: 404 } })
  expect(await the('createUser')({ profile: {} }, asking('third'))).toMatchObject({
    status: 422,
    data: { code: 'required', errors: expect.arrayContaining([expect.objectContaining({ pointer: '/profile/email', code: 'required' })]) },
  })
  expect(await the('startImport')('me', new Blob(['no export']), {}, asking('fourth'))).toMatchObject({
    status: 415,
    data: { code: 'not_a_zip' },
  })
  expect((await the('getUser')('me', {})).status).toBe(401)
})

test('the compiler finds nothing wrong in it', () => {
  const flags = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2024',
    '--lib',
    'es2024,dom',
    '--module',
    'preserve',
    '--types',
    '',
  ]
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...flags, join(folder, 'client.ts')], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
