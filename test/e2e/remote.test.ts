import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { type Ran, run } from './cli.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-remote-'))
const [data, file, keyFile] = [join(folder, 'data'), join(folder, 'Daten é.zip'), join(folder, 'key')]
const last = '2026-03-20'
let server: ServerProcess
let service = ''
let operator = ''

beforeAll(async () => {
  await writeSynthetic(file, { seed: 1, days: 12, lastDate: last })
  service = run('cli', ['keys', 'create', '--scope', 'all'], { data }).out.trim()
  operator = run('cli', ['keys', 'create', '--scope', 'all', '--kind', 'operator'], { data }).out.trim()
  writeFileSync(keyFile, `${service}\n`)
  server = await startServer({ data })
  const profile = { email: 'robin@example.org', displayName: 'Robin', timezone: 'America/New_York' }
  const made = await fetch(`${server.url}/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service}`, 'content-type': 'application/json', 'idempotency-key': 'robin' },
    body: JSON.stringify({ userId: 'robin', profile }),
  })
  expect(made.status).toBe(202)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** Where the store is nobody could open: what is answered came from the server. */
function remote(words: readonly string[], key = service): Ran {
  return run('cli', [...words, '--json'], { env: { CLARITY_URL: server.url, CLARITY_KEY: key } })
}

function lines({ code, out, err }: Ran): unknown[] {
  expect({ code, err }, err).toMatchObject({ code: 0 })
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

const importing = ['import', file, '--user', 'robin', '--zone', 'America/New_York']
const asked = [
  ['day', '--user', 'robin', '--date', last],
  ['day', '--user', 'robin', '--from', '2026-03-10', '--to', last],
  ['insight', '--user', 'robin', '--date', '2026-03-19'],
  ['insight', '--user', 'robin', '--from', '2026-03-10', '--to', last],
  ['users'],
  ['users', 'show', 'robin'],
]

test('every command that has an endpoint says over HTTP what it says of the store itself', async () => {
  const counts = (ran: Ran) => lines(ran).map((report) => ({ ...(report as object), importId: '', seconds: 0 }))
  const dry = counts(remote([...importing, '--dry-run']))
  const imported = remote(importing)
  expect(imported.err).toMatch(/sending \d+ % of [\s\S]*reading \d+ % of 100 %[\s\S]*analysing/)
  const reports = counts(imported)
  expect(reports).toEqual(counts(run('cli', [...importing, '--json'], { data: join(folder, 'local') })))
  expect(dry).toEqual(reports.map((report) => ({ ...report, insights: 0 })))
  const again = counts(remote(importing))
  expect(again).toMatchObject([{ file: 'Daten é.zip', accepted: 0, days: 0 }])
  const job = lines(remote(['jobs', 'list', '--status', 'completed'])).find((each) => (each as { type: string }).type === 'import') as {
    jobId: string
  }
  expect(lines(remote(['jobs', 'show', job.jobId]))).toEqual([job])
  expect(remote(['jobs', 'cancel', job.jobId])).toMatchObject({ code: 1, out: expect.stringContaining('"job_finished"') })
  expect(remote(['jobs', 'retry', job.jobId])).toMatchObject({ code: 1, out: expect.stringContaining('"job_finished"') })
  // What a job says changes until it has run: the trends of an import come some seconds after it.
  for (const status of ['pending', 'processing'])
    await vi.waitFor(() => expect(lines(remote(['jobs', 'list', '--status', status]))).toEqual([]), { timeout: 45_000, interval: 500 })
  const words = [...asked, ['jobs'], ['jobs', 'logs', job.jobId]]
  const overHttp = words.map((each) => [each, lines(remote(each))])
  const keys = lines(remote(['keys', 'list'], operator))
  const other = lines(remote(['keys', 'create', '--scope', 'all', '--kind', 'operator', '--expires', '2'], operator))[0] as {
    key: string
    keyId: string
  }
  expect(other).toMatchObject({ kind: 'operator', expiresAt: expect.any(String), key: expect.stringMatching(/^clk_/) })
  expect(lines(remote(['keys', 'revoke', other.key], operator))).toEqual([{ keyId: other.keyId, revoked: true }])
  expect(await server.end()).toBe(0)
  expect(words.map((each) => [each, lines(run('cli', [...each, '--json'], { data }))])).toEqual(overHttp)
  const withoutUse = (list: readonly unknown[]) => list.map((key) => ({ ...(key as object), lastUsedAt: undefined }))
  const local = lines(run('cli', ['keys', 'list', '--json'], { data })).filter((key) => (key as { keyId: string }).keyId !== other.keyId)
  expect(withoutUse(local)).toEqual(withoutUse(keys))
  server = await startServer({ data })
})

test('a store that a server holds names the flag that reaches it, and with it the command works', () => {
  const refused = run('cli', ['users'], { data })
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain(`--url ${server.url}`)
  const reached = run('cli', ['users', '--url', server.url, '--key-file', keyFile], { data })
  expect(reached).toMatchObject({ code: 0, out: expect.stringMatching(/^robin {2}America\/New_York {2}12 days/) })
})

test.each([
  ['no key', ['users'], {}, 2, 'Which key?'],
  ['a key that is none', ['users'], { CLARITY_KEY: 'clk_x' }, 1, 'unauthorized'],
  ['a key file that is not there', ['users', '--key-file', '/nonexistent'], {}, 1, 'not_found'],
  ['a date without data', ['day', '--user', 'robin', '--date', '2020-01-01'], { CLARITY_KEY: 'service' }, 1, 'not_found'],
  ['a person who is not there', ['import', 'FILE', '--user', 'nobody'], { CLARITY_KEY: 'service' }, 1, 'not_found'],
  ['a file that is none', ['import', 'KEY', '--user', 'robin'], { CLARITY_KEY: 'service' }, 1, 'not_a_zip'],
  ['a command that has no endpoint', ['doctor', '--url', 'http://127.0.0.1:1'], {}, 2, 'wrong_use'],
  ['an address that is none', ['users', '--url', 'ftp://x'], {}, 2, 'wrong_use'],
  ['nobody there', ['users', '--url', 'http://127.0.0.1:1'], { CLARITY_KEY: 'x' }, 1, 'unavailable'],
] as const)('%s is said as such', (_, words, env: Record<string, string>, code, says) => {
  const key = env.CLARITY_KEY === 'service' ? { CLARITY_KEY: service } : env
  const where = words.some((word) => word === '--url') ? {} : { CLARITY_URL: server.url }
  const ran = run(
    'cli',
    words.map((word) => ({ FILE: file, KEY: keyFile })[word as 'FILE'] ?? word),
    { env: { ...where, ...key } },
  )
  expect(ran.code, ran.err).toBe(code)
  expect(ran.err).toContain(says)
  expect(ran.err).not.toContain('clk_')
})
