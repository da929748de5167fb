import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newPack } from '../../src/columns/pack.ts'
import type { StoredSession } from '../../src/model/session.ts'
import { tableOf } from '../fixtures/sample-tables.ts'
import { newFolder } from './child.ts'
import { findLaneLosses } from './lane-losses.ts'
import { jobOf, plainLane, sessionsOf, writeLaneStep } from './lanes.ts'
import { openLedger, readLedger } from './ledger.ts'
import type { Stores } from './steps.ts'
import { openStores } from './stores.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

const steps = 8
const answered = new Map([
  ['lane1', { sent: steps, acknowledged: steps }],
  [plainLane, { sent: steps, acknowledged: steps }],
])
const unanswered = new Map([...answered, ['lane1', { sent: steps, acknowledged: steps - 1 }]])

/** What is found wrong after `harm` was done to stores that held every step. */
async function found(ledger: typeof answered, harm: (stores: Stores) => Promise<unknown> = async () => undefined): Promise<string[]> {
  await using stores = await openStores({ documents: `sqlite:${join(folder, 'store.db')}`, blobs: join(folder, 'blobs') })
  for (let n = 1; n <= steps; n += 1) for (const lane of answered.keys()) await writeLaneStep(stores, lane, n)
  await harm(stores)
  return await findLaneLosses(stores, ledger)
}

test('a ledger tells what was sent, and what was answered before the power went', () => {
  const path = join(folder, 'ledger')
  const ledger = openLedger(path)
  const step = (n: number, at: bigint) => {
    ledger.sent('lane1', n)
    ledger.acknowledged('lane1', n, at)
  }
  step(1, 10n)
  step(2, 20n)
  ledger.sent('lane1', 3)
  ledger.cut(15n)
  expect([...readLedger(path)]).toEqual([['lane1', { sent: 3, acknowledged: 1 }]])
  step(2, 30n)
  ledger.cut(undefined)
  ledger.close()
  expect([...readLedger(path)]).toEqual([['lane1', { sent: 3, acknowledged: 2 }]])
})

const [watch, phone] = sessionsOf('lane1', steps, steps).map(({ path }) => path) as [string, string]
const take = (path: string) => (stores: Stores) => stores.documents.batch([{ op: 'delete', path }])

async function bodyOf({ documents }: Stores, path: string): Promise<StoredSession> {
  const stored = await documents.get<StoredSession>(path)
  return stored?.body ?? expect.fail(`${path} is not there`)
}

test('stores that hold what was sent are well, and so are they before the last answer', async () => {
  expect(await found(answered)).toEqual([])
  expect(await found(unanswered)).toEqual([])
})

test('a step that is sent again changes nothing', async () => {
  expect(await found(answered, (stores) => writeLaneStep(stores, 'lane1', steps))).toEqual([])
})

test('an acknowledged step that is not there is lost', async () => {
  const ledger = new Map([...answered, ['lane1', { sent: steps + 1, acknowledged: steps + 1 }]])
  expect(await found(ledger)).toContain(`step ${steps + 1} is lost from ${watch}`)
})

test('a session, or a job, that is gone is lost', async () => {
  expect(await found(answered, take(watch))).toContain(`step ${steps} is lost from ${watch}`)
  expect(await found(answered, take(jobOf('lane1', 3)))).toContain('the job of lane1 3 is lost')
})

test('a document of the plain lane that is gone is lost', async () => {
  expect(await found(answered, take('jobs/j7'))).toContain('half of the batch 7 is there')
})

test('an object that is gone or changed is found', async () => {
  const withoutObject = async (stores: Stores) => stores.blobs.delete((await bodyOf(stores, watch)).samples?.key ?? '')
  expect(await found(answered, withoutObject)).toContain(`the samples of ${watch}: not_found`)
  const withOther = async (stores: Stores) =>
    stores.blobs.putAll([{ key: (await bodyOf(stores, watch)).samples?.key ?? '', bytes: new Uint8Array(100_000) }])
  expect(await found(answered, withOther)).toContain(`the samples of ${watch}: storage_corrupt`)
})

test('of a step without an answer one session without the other is half of it', async () => {
  expect(await found(unanswered, take(jobOf('lane1', steps)))).toContain(`half of lane1 ${steps} is there`)
  const last = sessionsOf('lane1', steps, steps)[1]
  const other = last?.steps.filter((step) => step < steps).flatMap((step) => last.samplesOf(step)) ?? []
  expect(await found(unanswered, (stores) => replaceSamples(stores, phone, other))).toContain(`half of lane1 ${steps} is there`)
})

test('samples that are there twice, or were never sent, are found', async () => {
  const [session] = sessionsOf('lane1', steps, steps)
  const all = session?.steps.flatMap((step) => session.samplesOf(step)) ?? []
  expect(await found(answered, (stores) => replaceSamples(stores, watch, [...all, ...all.slice(0, 3)]))).toContain(
    `3 samples are twice in ${watch}`,
  )
  const ledger = new Map([...answered, ['lane1', { sent: steps - 1, acknowledged: steps - 1 }]])
  expect(await found(ledger)).toContain(`250 samples in ${watch} were never sent`)
})

async function replaceSamples(stores: Stores, path: string, samples: Parameters<typeof tableOf>[0]): Promise<void> {
  const pack = newPack()
  pack.add(tableOf(samples), { date: '2024-01-01', source: 'other' })
  const bytes = pack.finish()
  const key = 'samples/lane1/other.parquet'
  await stores.blobs.putAll([{ key, bytes }])
  const pointer = { key, length: bytes.length, sha256: hash('sha256', bytes, 'hex'), rows: samples.length }
  await stores.documents.batch([{ op: 'put', path, body: { ...(await bodyOf(stores, path)), samples: pointer } }])
}
