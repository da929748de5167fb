import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import type { WorkerOptions } from '../../src/app/worker.ts'
import { askExport } from '../../src/flows/export-job.ts'
import { cancelJob } from '../../src/flows/manage-jobs.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { takeImport } from '../../src/flows/take-import.ts'
import { daysOf, temporaryHouse } from '../golden/people.ts'
import { ended, quickWorker, until } from './world.ts'

type Open = Awaited<ReturnType<typeof temporaryHouse>>

const folder = mkdtempSync(join(tmpdir(), 'clarity-lane-'))
const file = join(folder, 'export.zip')
beforeAll(() => writeSynthetic(file, { seed: 1, days: 30, lastDate: '2026-11-15' }))
afterAll(() => rmSync(folder, { recursive: true }))

async function opened(...people: string[]): Promise<Open> {
  const house = await temporaryHouse()
  await house.documents.batch(people.map((userId) => ({ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }) as const))
  return house
}

/** A thread has to load its code first: longer than these tests let a lease be. */
const times = { leaseMs: 20_000 }
const laned = (house: Open, heapMiB?: number): WorkerOptions => ({
  lane: { config: { data: house.folder, stagedNights: 'none' }, ...(heapMiB !== undefined && { heapMiB }) },
  times,
})
const taken = async (house: Open) =>
  (await takeImport(house, { userId: 'robin', callId: 'c', content: createReadStream(file), file: 'export.zip', dryRun: false })).jobId ??
  ''

test('an import in a thread of its own tells how far it is, and comes to the days of one in this thread', async () => {
  const told: string[] = []
  for (const isLaned of [false, true]) {
    await using house = await opened('robin')
    await using _ = quickWorker(house, { ...(isLaned ? laned(house) : { times }), only: 'import' })
    const jobId = await taken(house)
    await until(house, jobId, ({ progress }) => progress !== undefined)
    expect(await ended(house, jobId)).toMatchObject({ status: 'completed', errors: [], metrics: { dataProcessed: expect.any(Number) } })
    told.push(JSON.stringify((await daysOf(house)).map(({ madeAt: _, ...day }) => day)))
  }
  expect(JSON.parse(told[1] ?? '')).toHaveLength(30)
  expect(told[1]).toBe(told[0])
}, 60_000)

/** `megabytes` of days, a page of which is read at once. */
async function fillDays(house: Open, userId: string, megabytes: number): Promise<void> {
  for (let n = 0; n < megabytes / 2; n += 1) {
    const body = { userId, date: `2024-01-${n + 10}`, note: 'x'.repeat(2_000_000) }
    await house.documents.batch([{ op: 'put', path: `users/${userId}/days/${body.date}`, body }])
  }
}

test('F6: a job that takes all memory fails as that job, with the reason, and those beside and after it are done', async () => {
  await using house = await opened('robin', 'sam')
  await fillDays(house, 'sam', 180)
  await using worker = quickWorker(house, laned(house, 64))
  const greedy = await askExport(house, { userId: 'sam', callId: 'a'.repeat(32), format: 'zip' })
  const beside = await taken(house)
  expect(await ended(house, greedy.jobId)).toMatchObject({
    status: 'failed',
    attempts: 2,
    errors: [64, 128].map((heap) => ({ code: 'out_of_memory', message: `The job needed more than the ${heap} MiB that one may have.` })),
  })
  expect(await ended(house, beside)).toMatchObject({ status: 'completed', errors: [] })
  const after = await askExport(house, { userId: 'robin', callId: 'b'.repeat(32), format: 'zip' })
  expect(await ended(house, after.jobId)).toMatchObject({ status: 'completed', errors: [] })
  expect(worker.events.filter((event) => 'error' in event && event.error !== undefined)).toEqual([])
}, 120_000)

test('F6: one that needs more than its share is done with twice as much', async () => {
  await using house = await opened('sam')
  await fillDays(house, 'sam', 80)
  await using worker = quickWorker(house, laned(house, 64))
  const { jobId } = await askExport(house, { userId: 'sam', callId: 'a'.repeat(32), format: 'zip' })
  expect(await ended(house, jobId)).toMatchObject({ status: 'completed', attempts: 2, errors: [{ code: 'out_of_memory' }] })
  expect(worker.events).toContainEqual(expect.objectContaining({ event: 'ended', outcome: 'retried', code: 'out_of_memory' }))
}, 120_000)

test('a job that is cancelled ends in its thread too', async () => {
  await using house = await opened('robin')
  await using worker = quickWorker(house, { ...laned(house), only: 'import' })
  const jobId = await taken(house)
  await until(house, jobId, ({ progress }) => progress !== undefined)
  await cancelJob(house, jobId)
  await expect.poll(() => worker.events).toContainEqual(expect.objectContaining({ event: 'ended', jobId, outcome: 'lost' }))
  expect(await ended(house, jobId)).toMatchObject({ status: 'cancelled' })
}, 60_000)
