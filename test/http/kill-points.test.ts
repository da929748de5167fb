import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { samplesIn, stepOf } from '../cluster/steps.ts'
import { readAll } from '../fixtures/handed-month.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { type CallKind, calls, killable } from './killable.ts'

const program = join(import.meta.dirname, 'kill-process.ts')
let data = ''
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'clarity-kill-'))
  await using house = await openHouse({ data })
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
})
afterEach(() => rmSync(data, { recursive: true }))

/** The process that took the call is gone, and so is its hold on the key after a while. */
async function openLater() {
  const house = await openHouse({ data })
  return Object.assign(house, { clock: { nowMs: () => Date.now() + 60_000 } })
}

function killedAt(kind: CallKind, place: string, nth: number): void {
  expect(spawnSync(process.execPath, [program, data, kind, place, String(nth)], { encoding: 'utf8' })).toMatchObject({
    signal: 'SIGKILL',
    stderr: '',
  })
}

const inBatch = ['documents:begun', 'documents:written-one', 'documents:written-all', 'documents:committed']
const inObject = ['blobs:written', 'blobs:synced', 'blobs:renamed-one', 'blobs:folders-synced']

test.each([
  ...inBatch.map((place) => ['small', place] as const),
  ...[...inObject, 'documents:committed'].map((place) => ['large', place] as const),
])('F1: a %s session whose process is killed at %s is kept once when it is sent again', async (kind, place) => {
  killedAt(kind, place, 1)
  await using house = await openLater()
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [] })
  const call = killable(house)
  const answer = await call(kind)
  const { session } = stepOf('robin', calls[kind])
  expect(answer).toMatchObject({
    status: 201,
    body: { status: 'created', revision: 1, counts: { accepted: samplesIn(session), duplicate: 0 } },
  })
  expect(await call(kind)).toMatchObject({ status: 201, body: answer.body, headers: { 'idempotency-replayed': 'true' } })
  const [kept, ...others] = await readAll(house)
  expect([kept?.heartRate?.samples?.length, others]).toEqual([session.heart.length, []])
  await analyseDirtyDays(house, 'robin')
  const [day] = await daysBetween(house, 'robin', '2024-01-01', '2024-01-02')
  expect(day?.body).toMatchObject({ steps: session.steps, revision: 1 })
  expect(await findStrays(house, true)).toMatchObject({ missing: [], damaged: [] })
})

// The key is taken, then the file is kept, then the import and its job, then the answer.
test.each([
  ['documents:committed', 1],
  ['blobs:renamed-one', 1],
  ['documents:written-one', 2],
  ['documents:committed', 2],
  ['documents:begun', 3],
] as const)('F1: a file whose process is killed at %s, time %d, is imported once when it is sent again', async (place, nth) => {
  killedAt('file', place, nth)
  await using house = await openLater()
  const answer = await killable(house)('file')
  expect(answer).toMatchObject({ status: 202, body: { status: 'processing' } })
  await using _ = quickWorker(house)
  expect(await ended(house, answer.body.jobId)).toMatchObject({ status: 'completed', attempts: 1 })
  const { data: imports } = await house.documents.list({ collection: 'imports', parent: 'users/robin', limit: 10 })
  expect(imports).toHaveLength(1)
  const [day] = await daysBetween(house, 'robin', '2023-01-01', '2023-01-02')
  expect(day?.body).toMatchObject({ steps: stepOf('robin', calls.file).file?.steps, revision: 1 })
  expect(await findStrays(house, true)).toMatchObject({ missing: [], damaged: [] })
})
