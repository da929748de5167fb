import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { requireErasure } from '../../src/flows/erase-user.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'
import { keepAccount } from '../../src/http/account.ts'
import { type HandlerDeps, handlers } from '../../src/http/handlers.ts'
import { answerOnce } from '../../src/http/idempotency.ts'
import { asking } from '../http/asking.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { run } from './cli.ts'

// One person from the first day to after the last, on a clock of our own. What is looked at is what anybody outside can see: answers over
// HTTP, files on the disk, and the audit log. Each test goes on where the one before stopped.

const folder = mkdtempSync(join(tmpdir(), 'clarity-ten-years-'))
const data = join(folder, 'data')
const note = 'rotkehlchen-of-ada'

let opened: House
let world: House
let ask: ReturnType<typeof asking>
let nowMs = Date.parse('2024-02-10T09:00:00Z')

beforeAll(async () => {
  opened = await openHouse({ data, stagedNights: 'none', backups: join(folder, 'backups') })
  world = { ...opened, clock: { nowMs: () => nowMs } }
  const account = keepAccount<HandlerDeps>(world)
  ask = asking({ api, handlers, deps: world, layers: [answerOnce(world)], account }, world)
})
afterAll(() => rmSync(folder, { recursive: true }))

const at = (instant: string) => {
  nowMs = Date.parse(instant)
}

async function worked(jobId: string) {
  await using _ = quickWorker(world)
  return await ended(world, jobId)
}

async function lifecycle(instant: string) {
  at(instant)
  return await runLifecycle(world, { atMs: nowMs, isSure: true })
}

function session(id: string, date: string, rates: readonly number[], hour = 8) {
  const time = (minute: number) => new Date(Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000 + minute * 60_000).toISOString()
  return {
    sessionInfo: { sessionId: id, startTime: time(0), endTime: time(600), dataSource: note, dataTypes: ['heart_rate', 'steps'] },
    heartRate: { samples: rates.map((value, n) => ({ timestamp: time(n * 5), value })) },
    series: { steps: { unit: '{steps}', samples: [{ startTime: time(0), endTime: time(60), value: 1000 }] } },
  }
}

async function handIn(id: string, date: string, rates: readonly number[] = [60, 62, 64], hour?: number) {
  const { status } = await ask('ada', 'POST /v1/users/ada/sessions', { body: session(id, date, rates, hour) })
  expect(status).toBeLessThan(300)
}

const sessionIds = async (query = '') =>
  (await ask('ada', `GET /v1/users/ada/sessions${query}`)).body.data.map(
    ({ sessionInfo }: { sessionInfo: { sessionId: string } }) => sessionInfo.sessionId,
  )

/** Files of the data folder with these bytes in them, or whose path says it. */
function filesWith(...words: readonly string[]): string[] {
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(data, name)).isFile())
  return files.filter((name) => {
    const bytes = readFileSync(join(data, name))
    return words.some((word) => name.includes(word) || bytes.includes(word))
  })
}

const consent = (purpose: string, given: boolean) =>
  ask('ada', 'POST /v1/users/ada/consents', { body: { purpose, given, textVersion: '2024-01' } })

test('2024: what is handed in is there, and stands sealed on the disk', async () => {
  const profile = { email: 'ada@example.org', displayName: note, timezone: 'UTC' }
  expect((await ask('service:', 'POST /v1/users', { body: { userId: 'ada', profile } })).status).toBe(202)
  const bob = { email: 'bob@example.org', displayName: 'Bob', timezone: 'UTC' }
  expect((await ask('service:', 'POST /v1/users', { body: { userId: 'bob', profile: bob } })).status).toBe(202)
  for (const day of ['05', '06', '07']) await handIn(`s${day}`, `2024-02-${day}`)
  const { body } = await ask('service:', 'POST /v1/jobs', {
    body: { type: 'health_analysis', userId: 'ada', input: { dates: ['2024-02-05'] } },
  })
  expect(await worked(body.jobId)).toMatchObject({ status: 'completed' })
  expect((await ask('ada', 'GET /v1/users/ada/days/2024-02-05')).body).toMatchObject({ steps: 1000, heartRate: { min: 60, max: 64 } })
  expect(filesWith(note, 'ada@example.org')).toEqual([])
})

test('who is let in sees what they were let see, and no more once it is taken back; she sees that they looked', async () => {
  const grant = { granteeId: 'bob', metrics: ['steps'], access: 'read' }
  expect(await ask('bob', 'GET /v1/users/ada/days/2024-02-05')).toMatchObject({ status: 404 })
  const refused = await ask('ada', 'POST /v1/users/ada/permissions', { body: grant })
  expect((await consent('dataSharing', true)).status).toBe(201)
  const { body: given } = refused.status < 300 ? refused : await ask('ada', 'POST /v1/users/ada/permissions', { body: grant })
  const seen = await ask('bob', 'GET /v1/users/ada/days/2024-02-05')
  expect(seen).toMatchObject({ status: 200, body: { steps: 1000 } })
  expect(seen.body.heartRate).toEqual({})
  expect((await consent('dataSharing', false)).status).toBe(201)
  expect(await ask('bob', 'GET /v1/users/ada/days/2024-02-05')).toMatchObject({ status: 404 })
  expect((await consent('dataSharing', true)).status).toBe(201)
  expect(await ask('bob', 'GET /v1/users/ada/days/2024-02-05')).toMatchObject({ status: 200 })
  expect((await ask('ada', `DELETE /v1/users/ada/permissions/${given.grantId}`)).status).toBeLessThan(300)
  expect(await ask('bob', 'GET /v1/users/ada/days/2024-02-05')).toMatchObject({ status: 404 })
  // The worker's seal is its own for a while.
  at('2024-02-10T10:00:00Z')
  await sealAudit(world, 'test')
  const { body } = await ask('ada', 'GET /v1/users/ada/access-log?limit=50')
  const looks = body.data.filter(({ who, action }: { who: { userId?: string }; action: string }) => who.userId === 'bob' && action === 'R')
  expect(looks.map(({ outcome }: { outcome: string }) => outcome).toSorted()).toEqual(['allow', 'allow', 'deny', 'deny', 'deny'])
})

test('an export has everything, and a backup is made', async () => {
  const { body } = await ask('ada', 'POST /v1/users/ada/export')
  const made = await worked(body.jobId)
  if (made.status !== 'completed') throw new Error('There is no export')
  const backup = await ask('operator:o', 'POST /v1/jobs', { body: { type: 'backup', input: { destination: 'early' } } })
  expect(await worked(backup.body.jobId)).toMatchObject({ status: 'completed' })
  expect((await ask('bob', `GET /v1/users/ada/exports/${made.output.exportId}`)).status).toBe(404)
})

test('2026: two years on the raw data are archived, still to be read, and late data join them', async () => {
  await lifecycle('2026-03-01T00:00:00Z')
  expect(await sessionIds()).toEqual([])
  expect(await sessionIds('?archived=true')).toEqual(['s07', 's06', 's05'])
  expect(filesWith('archive/ada/').filter((name) => name.startsWith('blobs')).length).toBeGreaterThan(0)
  expect(filesWith(note)).toEqual([])
  const read = await ask('ada', 'GET /v1/users/ada/sessions/s06?samples=true')
  expect(read.body.heartRate.samples.map(({ value }: { value: number }) => value)).toEqual([60, 62, 64])
  await handIn('late', '2024-02-06', [70, 72], 20)
  await lifecycle('2026-03-02T00:00:00Z')
  expect(await sessionIds('?archived=true')).toEqual(['s07', 'late', 's06', 's05'])
})

test('2029: a legal hold keeps what would go, and lets nobody erase it either', async () => {
  expect((await ask('operator:o', 'PUT /v1/system/legal-holds/ada', { body: { reason: 'Case 7' } })).status).toBe(200)
  await lifecycle('2029-03-01T00:00:00Z')
  expect(await sessionIds('?archived=true')).toHaveLength(4)
  expect((await ask('ada', 'GET /v1/users/ada/retention')).body).toMatchObject({ held: true })
  expect((await ask('ada', 'DELETE /v1/users/ada')).body).toMatchObject({ code: 'held' })
  expect((await ask('ada', 'GET /v1/users/ada')).status).toBe(200)
  expect((await ask('operator:o', 'DELETE /v1/system/legal-holds/ada')).status).toBe(204)
  await lifecycle('2029-03-02T00:00:00Z')
  expect(await sessionIds('?archived=true')).toEqual([])
  expect((await ask('ada', 'GET /v1/users/ada/days/2024-02-05')).body).toMatchObject({ steps: 1000 })
})

test('2034: what was made of them goes too, and the account stays', async () => {
  await lifecycle('2034-03-01T00:00:00Z')
  expect((await ask('ada', 'GET /v1/users/ada/insights')).body.data).toEqual([])
  expect(filesWith('archive/ada/').filter((name) => name.startsWith('blobs'))).toEqual([])
  await handIn('new', '2034-02-27')
  expect(await sessionIds()).toEqual(['new'])
})

let receipt = ''

test('erased, she is gone at once, and then in every file; the receipt can be checked', async () => {
  const { status, body } = await ask('ada', 'DELETE /v1/users/ada')
  expect(status).toBe(202)
  expect(await ask('ada', 'GET /v1/users/ada')).toMatchObject({ status: 410, body: { code: 'erased' } })
  expect(await ask('ada', 'POST /v1/users/ada/sessions', { body: session('later', '2034-02-28', [60]) })).toMatchObject({ status: 410 })
  {
    await using _ = quickWorker(world, { only: 'erase' })
    expect(await ended(world, body.jobId)).toMatchObject({ status: 'completed' })
  }
  const erasure = await requireErasure(world, body.erasureId)
  receipt = join(folder, 'receipt.json')
  writeFileSync(receipt, JSON.stringify('receipt' in erasure ? erasure.receipt : {}))
  expect(run('cli', ['verify-receipt', receipt]).code).toBe(0)
  await opened[Symbol.asyncDispose]()
  expect(filesWith('users/ada', 'samples/ada', '"ada"', note)).toEqual([])
})

test('a backup of ten years ago brings bob back, and nobody else', () => {
  const restored = join(folder, 'restored')
  const env = { CLARITY_KEYS: `file:${data}/keys`, CLARITY_ROOT_KEY: `file:${data}/keys/root.key` }
  const told = run('cli', ['restore', '--from', join(folder, 'backups/early'), '--json'], { data: restored, env })
  expect(told, told.err).toMatchObject({ code: 0 })
  expect(JSON.parse(told.out)).toMatchObject({ erased: 1 })
  const users = run('cli', ['users', 'list', '--json'], { data: restored, env })
  expect(users.out).toContain('bob')
  expect(users.out).not.toContain('ada')
})

test('the audit log of all that is whole, and says neither her name nor a value', () => {
  const verified = run('cli', ['audit', 'verify', '--json'], { data })
  expect(JSON.parse(verified.out), verified.err).toMatchObject({ verdict: 'ok' })
  const out = join(folder, 'audit')
  expect(run('cli', ['audit', 'export', '--to', out], { data }).code).toBe(0)
  const lines = readFileSync(join(out, 'entries.ndjson'), 'utf8')
  for (const action of ['"consent"', '"grant"', '"export"', '"D"', '"admin"']) expect(lines).toContain(`"action":${action}`)
  for (const word of [note, 'ada@example.org', '"ada"', 'users/ada', '"value"']) expect(lines).not.toContain(word)
})
