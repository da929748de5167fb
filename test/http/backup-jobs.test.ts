import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockStore } from '../../src/adapters/store-lock.ts'
import { jobsApi } from '../../src/api/jobs.ts'
import { readConfig } from '../../src/app/config.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { jobsHandlers } from '../../src/http/handlers/jobs.ts'
import { run } from '../e2e/cli.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { sourceOf } from '../golden/people.ts'
import { ended, quickWorker, until } from '../worker/world.ts'
import { asking } from './asking.ts'

let folder = ''
let backups = ''
let house: House
let ask: ReturnType<typeof asking>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-backups-'))
  backups = join(folder, 'backups')
  house = await openHouse({ data: join(folder, 'data'), backups })
  const source = sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))
  await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone: 'Europe/Berlin' })
  ask = asking({ api: jobsApi, handlers: jobsHandlers, deps: house }, house)
})
afterEach(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const backup = (input: object) => ({ body: { type: 'backup', input } })
const nightly = backup({ destination: 'nightly' })

async function made(asked = nightly) {
  const { body } = await ask('operator:o', 'POST /v1/jobs', asked)
  return ended(house, body.jobId)
}

test('an operator asks for a backup, the worker makes it, and it restores to the same days', async () => {
  const sent = await ask('operator:o', 'POST /v1/jobs', nightly)
  expect(sent).toMatchObject({ status: 202, body: { type: 'backup', status: 'pending', input: { destination: 'nightly' } } })
  expect(sent.body).not.toHaveProperty('userId')
  await using _ = quickWorker(house)
  const job = await ended(house, sent.body.jobId)
  expect(job).toMatchObject({
    status: 'completed',
    progress: { percentage: 100 },
    output: { run: 1, documents: { users: 1, healthSessions: 1 }, lost: 0 },
  })
  const mark = JSON.parse(readFileSync(join(backups, 'nightly/backup.json'), 'utf8'))
  expect(mark).toMatchObject({ format: 'clarity-backup-1', manifest: { key: 'manifests/000001.json' } })
  const keys = { CLARITY_KEYS: `file:${folder}/data/keys`, CLARITY_ROOT_KEY: `file:${folder}/data/keys/root.key` }
  const there = { data: join(folder, 'restored'), env: keys }
  const restored = run('cli', ['restore', '--from', join(backups, 'nightly'), '--json'], there)
  expect(restored, restored.err).toMatchObject({ code: 0 })
  const day = run('cli', ['day', '--user', 'robin', '--date', '2024-06-12', '--json'], there)
  expect(JSON.parse(day.out)).toMatchObject({ date: '2024-06-12', steps: 1200 })
})

test('the second backup of a place copies what is new; only classes that were named are taken', async () => {
  await using _ = quickWorker(house)
  const first = await made()
  const copied = (job: object) => (job as { output: { copied: { objects: number } } }).output.copied.objects
  expect(copied(first)).toBeGreaterThan(0)
  const second = await made(backup({ destination: 'nightly', classes: ['user_profiles'], verify: true }))
  expect(second).toMatchObject({ status: 'completed', output: { run: 2, classes: ['user_profiles'], copied: { objects: 0 } } })
  expect(await made(backup({ destination: 'nightly', classes: 'due' }))).toMatchObject({ output: { run: 3, classes: ['audit_logs'] } })
})

test('only operators may, and only with what belongs to a backup', async () => {
  for (const who of ['robin', 'service:app'])
    expect(await ask(who, 'POST /v1/jobs', nightly)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  const refused = async (body: object) => (await ask('operator:o', 'POST /v1/jobs', { body })).body.errors
  expect(await refused({ type: 'backup', input: {} })).toMatchObject([{ pointer: '/input/destination', code: 'required' }])
  expect(await refused({ type: 'backup', input: { destination: '../up' } })).toMatchObject([{ pointer: '/input/destination' }])
  expect(await refused({ type: 'backup', input: { destination: 'a', dates: ['2024-06-12'] } })).toMatchObject([
    { pointer: '/input/dates', code: 'unknown_field' },
  ])
  expect(await refused({ type: 'backup', userId: 'robin', input: { destination: 'a' } })).toMatchObject([{ pointer: '/userId' }])
  const analysis = { type: 'health_analysis', input: { dates: ['2024-06-12'], destination: 'a' } }
  expect(await ask('robin', 'POST /v1/jobs', { body: analysis })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/input/destination', code: 'unknown_field' }] },
  })
  expect((await house.documents.list({ collection: 'jobs', index: 'queue', equals: ['pending'], limit: 10 })).data).toHaveLength(1)
})

test('a folder that holds something else fails the job; one that another backup holds is waited for', async () => {
  await using _ = quickWorker(house)
  await made()
  await using held = await lockStore(join(backups, 'nightly'), { command: 'somebody' })
  const { body } = await ask('operator:o', 'POST /v1/jobs', nightly)
  const waiting = await until(house, body.jobId, ({ attempts = 0 }) => attempts > 1)
  expect(waiting.errors.at(-1)).toMatchObject({ code: 'store_in_use' })
  await held[Symbol.asyncDispose]()
  expect(await ended(house, body.jobId)).toMatchObject({ status: 'completed' })
  writeFileSync(join(backups, 'stranger'), 'a file')
  expect(await made(backup({ destination: 'stranger' }))).toMatchObject({ status: 'failed' })
})

test('without a place for backups none can be asked for', async () => {
  const without = asking({ api: jobsApi, handlers: jobsHandlers, deps: { ...house, openBackup: undefined } }, house)
  expect(await without('operator:o', 'POST /v1/jobs', nightly)).toMatchObject({ status: 422, body: { code: 'invalid_enum' } })
  expect(() => readConfig({ CLARITY_DATA: '/srv/clarity', CLARITY_BACKUPS: '/srv/clarity/backups' })).toThrow(/outside the data folder/)
})
