import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { dayAtItsEnd, marksOf, WINDOW_MS } from '../../src/flows/dirty-days.ts'
import { findWork } from '../../src/flows/dirty-work.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { queueDueDays } from '../../src/worker/due-days.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { daysOf, insightsOf, sourceOf, temporaryHouse } from '../golden/people.ts'
import { quickWorker, until } from './world.ts'

const zone = 'America/New_York'
const files = [
  exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200), steps('phone', '2024-06-13', '08:00', '09:00', 700)]),
  exportText([steps('watch', '2024-06-12', '08:30', '09:30', 900)]),
  exportText([{ ...steps('phone', '2024-06-13', '23:30', '23:59', 600), end: '2024-06-14 00:30:00 -0400' }]),
  exportText([steps('phone', '2024-06-20', '10:00', '11:00', 4000)]),
]

type House = Awaited<ReturnType<typeof temporaryHouse>>

function hand(house: Pick<House, 'documents'> & House, file: string): Promise<unknown> {
  return importFile(house, { userId: 'robin', fileName: 'x', source: sourceOf(file), zone })
}

/** What is known of the days and told of them, but for how often it was made again. */
async function stateOf(house: House) {
  const days = (await daysOf(house)).map(({ date, steps: count, heartRate, coverage, reasons }) => ({
    date,
    count,
    heartRate,
    coverage,
    reasons,
  }))
  const insights = (await insightsOf(house)).map(({ date, data, narrative }) => ({ date, data, narrative }))
  return { days, insights }
}

test('any order of what comes, any of it again, and analyses that are broken off in between come to one state', async () => {
  await using once = await temporaryHouse()
  for (const file of files) await hand(once, file)
  await analyseDirtyDays(once, 'robin')
  const wanted = await stateOf(once)
  expect(wanted.days).toHaveLength(4)

  const order = fc.shuffledSubarray(files, { minLength: files.length })
  const again = fc.array(fc.constantFrom(...files), { maxLength: 2 })
  const breaks = fc.array(fc.nat({ max: 4 }), { minLength: 6, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(order, again, breaks, async (first, rest, points) => {
      await using house = await temporaryHouse()
      for (const [at, file] of [...first, ...rest].entries()) {
        await hand(house, file)
        await brokenOff(house, points[at] ?? 0)
      }
      await analyseDirtyDays(house, 'robin')
      expect(await stateOf(house)).toEqual(wanted)
      expect(await findWork(house, 'robin')).toEqual({ marks: [], jobs: [] })
    }),
    { numRuns: 20 },
  )
}, 120_000)

/** An analysis that ends, as by a kill, after so many batches. */
async function brokenOff(house: House, batches: number): Promise<void> {
  let left = batches
  const batch: House['documents']['batch'] = async (writes) => {
    if (left-- === 0) throw new Error('killed')
    await house.documents.batch(writes)
  }
  await analyseDirtyDays({ ...house, documents: { ...house.documents, batch } }, 'robin').catch(({ message }) =>
    expect(message).toBe('killed'),
  )
}

test('what comes within one window is one job, and the worker makes its days once', async () => {
  await using house = await temporaryHouse()
  const nowMs = Math.floor(house.clock.nowMs() / WINDOW_MS) * WINDOW_MS
  const still = { ...house, clock: { nowMs: () => nowMs } }
  for (const file of files) await hand(still, file)
  const jobs = async () => (await house.documents.list<{ status: string }>({ collection: 'jobs', limit: 10 })).data
  const [job] = await jobs()
  expect(await jobs()).toHaveLength(1)
  await using _ = quickWorker(house)
  await until(house, job?.path.slice('jobs/'.length) ?? '', ({ status }) => status === 'completed')
  expect((await daysOf(house)).map(({ revision }) => revision)).toEqual([1, 1, 1, 1])
  expect(await jobs()).toHaveLength(1)
})

test('a mark that is made again while its day is made stays', async () => {
  await using house = await temporaryHouse()
  await hand(house, files[0] ?? '')
  let isFirst = true
  const batch: House['documents']['batch'] = async (writes) => {
    await house.documents.batch(writes)
    if (isFirst) await house.documents.batch(marksOf(house, 'robin', ['2024-06-12']))
    isFirst = false
  }
  await analyseDirtyDays({ ...house, documents: { ...house.documents, batch } }, 'robin')
  expect((await findWork(house, 'robin')).marks.map(({ body }) => body.date)).toEqual(['2024-06-12'])
})

test('a day that waited for its end is queued when that has come, once, and not before', async () => {
  await using house = await temporaryHouse()
  await hand(house, files[0] ?? '')
  await analyseDirtyDays(house, 'robin')
  const now = house.clock.nowMs()
  const path = 'users/robin/dirtyDays/2024-06-12'
  const jobs = async () =>
    (await house.documents.list({ collection: 'jobs', index: 'owner', equals: ['robin', 'pending'], limit: 10 })).data
  await house.documents.batch([{ op: 'put', path, body: dayAtItsEnd('robin', '2024-06-12', now + 60_000, now) }])
  await queueDueDays(house)
  expect([await jobs(), (await findWork(house, 'robin')).marks]).toEqual([[], []])
  const later = { ...house, clock: { nowMs: () => now + 61_000 } }
  await Promise.all([queueDueDays(later), queueDueDays(later)])
  expect(await jobs()).toHaveLength(1)
  expect((await findWork(later, 'robin')).marks).toHaveLength(1)
})
