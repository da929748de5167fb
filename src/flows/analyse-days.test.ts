import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { daysOf, imported, insightsOf, sourceOf, synthetic, temporaryHouse } from '../../test/golden/people.ts'
import type { Silence } from '../ports/narrator.ts'
import { analyseDirtyDays } from './analyse-days.ts'
import { findWork } from './dirty-work.ts'
import { importFile } from './import-file.ts'

const zone = 'America/New_York'
const night: RecordOf = {
  type: 'SleepAnalysis',
  device: 'app',
  start: '2024-06-12 23:00:00 -0400',
  end: '2024-06-13 07:00:00 -0400',
  value: 'HKCategoryValueSleepAnalysisAsleepUnspecified',
}

async function stepsByDate(house: Parameters<typeof daysOf>[0]) {
  return (await daysOf(house)).map(({ date, steps: count, revision }) => [date, count, revision])
}

test('days that were kept and not yet made are made by the next process', async () => {
  await using before = await temporaryHouse()
  const source = sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))
  await importFile(before, { userId: 'robin', fileName: 'export.xml', source, zone })
  expect(await daysOf(before)).toEqual([])
  const after = await before.reopened()
  expect(await analyseDirtyDays(after, 'robin')).toEqual({ days: 1, insights: 1 })
  expect(await stepsByDate(after)).toEqual([['2024-06-12', 1200, 1]])
  expect(await findWork(after, 'robin')).toEqual({ marks: [], jobs: [] })
  expect(await analyseDirtyDays(after, 'robin')).toEqual({ days: 0, insights: 0 })
})

test('a day whose samples changed gets a new revision, and so do the insights of the 28 days after it', async () => {
  const { source } = synthetic({ seed: 1, days: 45, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await imported(house, source, zone)
  const before = await insightsOf(house)
  await imported(house, sourceOf(exportText([steps('phone', '2024-07-15', '03:00', '03:10', 77)])), zone)
  const days = await daysOf(house)
  expect(days.filter(({ revision }) => revision > 1).map(({ date }) => date)).toEqual(['2024-07-15'])
  const remade = (await insightsOf(house)).filter(({ revision }) => revision === 2).map(({ date }) => date)
  expect(remade).toEqual(before.map(({ date }) => date).filter((date) => date >= '2024-07-15' && date <= '2024-08-12'))
  expect(remade).toHaveLength(29)
})

test('of dates far apart that change at once each is held against the weeks before it', async () => {
  const { source } = synthetic({ seed: 1, days: 90, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await imported(house, source, zone)
  const late = ['2024-06-20', '2024-08-15']
  await imported(house, sourceOf(exportText(late.map((date) => steps('phone', date, '03:00', '03:10', 77)))), zone)
  const remade = (await insightsOf(house)).filter(({ date }) => late.includes(date))
  expect(remade.map(({ revision, reasons }) => [revision, reasons.filter(({ code }) => code === 'baseline_not_ready')])).toEqual([
    [2, []],
    [2, []],
  ])
})

test('a late walk over midnight changes both of its days', async () => {
  const over: RecordOf = { ...steps('phone', '2024-06-12', '23:30', '23:59', 600), end: '2024-06-13 00:30:00 -0400' }
  const [evening, morning] = [steps('phone', '2024-06-12', '12:00', '13:00', 1000), steps('phone', '2024-06-13', '12:00', '13:00', 1000)]
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText([evening, morning])), zone)
  expect(await stepsByDate(house)).toEqual([
    ['2024-06-12', 1000, 1],
    ['2024-06-13', 1000, 1],
  ])
  await imported(house, sourceOf(exportText([over])), zone)
  expect(await stepsByDate(house)).toEqual([
    ['2024-06-12', 1300, 2],
    ['2024-06-13', 1300, 2],
  ])
})

test('an evening sleep ends when samples of the next date show that it did', async () => {
  const doze = { ...night, start: '2024-06-12 19:00:00 -0400', end: '2024-06-12 23:30:00 -0400' }
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText([doze])), zone)
  expect((await daysOf(house)).map(({ date, sleep }) => [date, sleep?.asleepMinutes])).toEqual([['2024-06-12', undefined]])
  await imported(house, sourceOf(exportText([steps('phone', '2024-06-13', '08:00', '09:00', 500)])), zone)
  expect((await daysOf(house)).map(({ date, sleep }) => [date, sleep?.asleepMinutes])).toEqual([
    ['2024-06-12', 270],
    ['2024-06-13', undefined],
  ])
})

test.each([
  ['America/Los_Angeles', '-0700'],
  ['Asia/Tokyo', '+0900'],
  ['Pacific/Kiritimati', '+1400'],
])('a date on which only a night ends is a day, in %s too', async (where, offset) => {
  const shift = (text: string) => text.replace('-0400', offset)
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText([{ ...night, start: shift(night.start), end: shift(night.end ?? '') }])), where)
  const days = await daysOf(house)
  expect(days.map(({ date, sleep }) => [date, sleep?.asleepMinutes])).toEqual([
    ['2024-06-12', undefined],
    ['2024-06-13', 480],
  ])
})

test('a walk whose date moves when it is known where the person was counts once', async () => {
  const slept = (start: string, end: string, where: string): RecordOf => ({
    ...night,
    start: `${start} -0400`,
    end: `${end} -0400`,
    metadata: { HKTimeZone: where },
  })
  const landed = [
    slept('2024-05-03 23:00:00', '2024-05-04 06:00:00', zone),
    steps('phone', '2024-05-04', '06:30', '06:40', 1000),
    steps('phone', '2024-05-04', '22:00', '22:10', 500),
  ]
  const total = (house: Parameters<typeof daysOf>[0]) => daysOf(house).then((days) => days.reduce((sum, day) => sum + (day.steps ?? 0), 0))
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText(landed)), zone)
  expect(await total(house)).toBe(1500)
  // Asleep in London on the next date: the walk at 22:00 in New York was one at 03:00 there.
  await imported(house, sourceOf(exportText([...landed, slept('2024-05-05 00:00:00', '2024-05-05 07:00:00', 'Europe/London')])), zone)
  expect((await daysOf(house)).map(({ date, steps: count }) => [date, count])).toEqual([
    ['2024-05-03', undefined],
    ['2024-05-04', 1000],
    ['2024-05-05', 500],
  ])
})

test('any number of waiting jobs is settled', async () => {
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)])), zone)
  const [job] = (await house.documents.list<object>({ collection: 'jobs', limit: 1 })).data
  const jobs = Array.from({ length: 600 }, (_, n) => ({
    op: 'put' as const,
    path: `jobs/again_${n}`,
    body: { ...job?.body, jobId: `again_${n}`, status: 'pending' },
  }))
  await house.documents.batch(jobs.slice(0, 300))
  await house.documents.batch(jobs.slice(300))
  await analyseDirtyDays(house, 'robin')
  expect(await findWork(house, 'robin')).toEqual({ marks: [], jobs: [] })
  expect(await stepsByDate(house)).toEqual([['2024-06-12', 1200, 1]])
})

test('of dates that are made together each says when it was made and how long it alone took', async () => {
  const { source } = synthetic({ seed: 1, days: 20, lastDate: '2024-06-20' })
  await using house = await temporaryHouse()
  await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone })
  let nowMs = Date.parse('2024-07-20T12:00:00Z')
  const clock = {
    nowMs: () => {
      nowMs += 1000
      return nowMs
    },
  }
  await analyseDirtyDays({ ...house, clock }, 'robin')
  const times = (await daysOf(house)).map(({ madeAt = '' }) => madeAt)
  expect(times).toHaveLength(20)
  expect([...new Set(times)].sort()).toEqual(times)
  expect(new Set((await insightsOf(house)).map(({ metadata }) => metadata.processingTime))).toEqual(new Set([2]))
})

test('a narrator that is silent fails no insight, and is asked again when the date is made again', async () => {
  await using house = await temporaryHouse()
  const source = sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))
  await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone })
  let calls = 0
  let said: string | Silence = { because: 'timed_out' }
  const summarise = () => {
    calls++
    return Promise.resolve(said)
  }
  const deps = { ...house, clock: { nowMs: () => Date.parse('2024-06-14T12:00:00Z') }, narrator: { name: 'model', summarise } }
  const metadata = async () =>
    (await insightsOf(house)).map((insight) => [insight.metadata.narrator, insight.metadata.fallback, insight.revision])
  expect(await analyseDirtyDays(deps, 'robin')).toEqual({ days: 1, insights: 1 })
  expect(await metadata()).toEqual([['template', 'timed_out', 1]])
  // Still silent: nothing new is said, so there is no new revision.
  expect(await analyseDirtyDays(deps, 'robin', undefined, ['2024-06-12'])).toEqual({ days: 0, insights: 0 })
  said = 'You took 1,200 steps, all of them in the morning.'
  expect(await analyseDirtyDays(deps, 'robin', undefined, ['2024-06-12'])).toEqual({ days: 0, insights: 1 })
  expect(await metadata()).toEqual([['model', undefined, 2]])
  expect(calls).toBe(3)
  await analyseDirtyDays(deps, 'robin', undefined, ['2024-06-12'])
  expect(calls).toBe(3)
})

test('a date more than two weeks past is the template’s without asking', async () => {
  await using house = await temporaryHouse()
  const source = sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))
  await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone })
  const summarise = () => Promise.reject(new Error('asked'))
  await analyseDirtyDays({ ...house, narrator: { name: 'model', summarise } }, 'robin')
  expect((await insightsOf(house)).map(({ metadata: { narrator, fallback } }) => [narrator, fallback])).toEqual([['template', undefined]])
})
