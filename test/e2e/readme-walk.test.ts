import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { makeClient } from '../../src/client/client.ts'
import { run } from './cli.ts'
import { startServer } from './server-process.ts'

const root = join(import.meta.dirname, '../..')
let folder = ''
let data = ''
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-walk-'))
  data = join(folder, 'data')
  await writeSynthetic(join(folder, 'export.zip'), { seed: 1, days: 12, lastDate: '2026-03-20' })
})
afterEach(() => rmSync(folder, { recursive: true }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await once(server.close(), 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The walk and all that it started, where it came to no end. */
function endGroup(pid: number | undefined): void {
  try {
    process.kill(-(pid ?? Number.NaN), 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

test('the walk of the README works as written', async () => {
  const block = /## Over HTTP[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
  expect(block).toContain('npm start &')
  const port = await freePort()
  // Where it stands: another port and folder than a reader has.
  const script = block
    .replaceAll('8080', String(port))
    .replaceAll('export.zip', join(folder, 'export.zip'))
    .replaceAll('job.json', join(folder, 'job.json'))
  const env = { PATH: process.env.PATH, HOME: folder, CLARITY_DATA: data, CLARITY_PORT: String(port) }
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  onTestFinished(() => endGroup(shell.pid))
  let out = ''
  let err = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const [code] = await once(shell, 'exit')
  try {
    expect({ code, out: out.slice(-2000), err: err.slice(-2000) }).toMatchObject({ code: 0 })
    expect(out).toContain('{"userId":"me"}')
    expect(out).toContain('"status":"completed"')
    const [insights = '', days = ''] = out.trim().split('\n').slice(-2)
    expect(JSON.parse(insights)).toMatchObject({ data: [{ userId: 'me', date: expect.stringMatching(/^2026-03-/) }] })
    expect(JSON.parse(days).data).toHaveLength(7)
  } finally {
    // The server that the walk left running.
    process.kill(JSON.parse(readFileSync(join(data, 'lock.json'), 'utf8')).pid)
    if (!shell.stdout.closed) await once(shell.stdout, 'close')
  }
})

test('the typed client walks the same way', async () => {
  const key = run('cli', ['keys', 'create', '--scope', 'all'], { data }).out.trim()
  await using server = await startServer({ data })
  const client = makeClient(api, { url: server.url, token: key })
  const profile = { email: 'me@example.org', displayName: 'Me', timezone: 'America/New_York' }
  expect((await client.createUser({ body: { userId: 'me', profile } })).body).toEqual({ userId: 'me' })
  const params = { userId: 'me' }
  const taken = await client.startImport({
    params,
    query: {},
    body: readFileSync(join(folder, 'export.zip')),
    mediaType: 'application/zip',
  })
  expect(taken.status).toBe(202)
  const jobId = taken.body?.jobId ?? ''
  await expect.poll(async () => (await client.getJob({ params: { jobId } })).body?.status, { timeout: 50_000 }).toBe('completed')
  const insights = await client.listInsights({ params, query: { limit: 1 } })
  const [newest] = insights.body?.data ?? []
  expect(newest).toMatchObject({ userId: 'me' })
  const one = await client.getInsight({ params: { ...params, type: 'daily', date: newest?.date ?? '' } })
  expect(one.body).toEqual(newest)
  await expect(client.getUser({ params: { userId: 'nobody' } })).rejects.toMatchObject({ code: 'not_found' })
})
