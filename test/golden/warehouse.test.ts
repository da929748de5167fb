import { expect, test } from 'vitest'
import { userAnalyticsOf } from '../../src/analysis/user-analytics.ts'
import type { House } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { drainOutbox, toNowhere } from '../../src/flows/warehouse-outbox.ts'
import { everyDate, UserAnalytics } from '../../src/model/user-analytics.ts'
import { exportText, steps } from './export-text.ts'
import { daysOf, imported, insightsOf, sourceOf, synthetic, temporaryHouse } from './people.ts'

const zone = 'America/New_York'

test('after an import every day has its row, and its figures are those of the insight', async () => {
  const { source } = synthetic({ seed: 3, days: 40, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await imported(house, source, zone)
  expect(await rowsOf(house)).toEqual([])
  await drainOutbox(house)
  const rows = await rowsOf(house)
  const days = await daysOf(house)
  expect(rows.map(({ date }) => date)).toEqual(days.map(({ date }) => date))
  rows.forEach((row, n) => {
    const day = days[n]
    expect(UserAnalytics.parse(row)).toEqual(day && userAnalyticsOf(day, row.processingTimestamp))
  })
  const insights = await insightsOf(house)
  expect(
    rows.map(({ totalSteps, restingHeartRate, heartRateVariability }) => [totalSteps, restingHeartRate, heartRateVariability]),
  ).toEqual(
    insights.map(({ data: { activityAnalysis: activity, heartRateAnalysis: heart } }) => [
      activity?.totalSteps,
      heart?.restingHeartRate,
      heart?.heartRateVariability,
    ]),
  )
  expect(rows.filter(({ totalSleepHours, totalSteps, restingHeartRate }) => totalSleepHours && totalSteps && restingHeartRate)).not.toEqual(
    [],
  )
  expect(await waitingIn(house)).toBe(0)
})

test('late data bring new rows for the days that they change and for no other', async () => {
  const { source } = synthetic({ seed: 1, days: 20, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await imported(house, source, zone)
  await drainOutbox(house)
  const before = await rowsOf(house)
  await imported(house, sourceOf(exportText([steps('phone', '2024-08-15', '03:00', '03:10', 77)])), zone)
  expect(await waitingIn(house)).toBe(1)
  await drainOutbox(house)
  const after = await rowsOf(house)
  expect(after.filter(({ revision }) => revision === 2).map(({ date }) => date)).toEqual(['2024-08-15'])
  expect(after.filter(({ date }) => date !== '2024-08-15')).toEqual(before.filter(({ date }) => date !== '2024-08-15'))
})

test('a day that says what it said before sends nothing', async () => {
  const { source } = synthetic({ seed: 1, days: 5, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await imported(house, source, zone)
  await drainOutbox(house)
  await imported(house, source, zone)
  expect(await waitingIn(house)).toBe(0)
})

test('a house without a warehouse keeps no entries', async () => {
  await using house = await temporaryHouse()
  await importFile(house, {
    userId: 'robin',
    fileName: 'x',
    source: sourceOf(exportText([steps('phone', '2024-08-15', '03:00', '03:10', 77)])),
    zone,
  })
  expect(await analyseDirtyDays({ ...house, toWarehouse: toNowhere }, 'robin')).toMatchObject({ days: 1 })
  expect(await waitingIn(house)).toBe(0)
})

test('of two analyses at once that make the same days the later one replaces none and finds them made', async () => {
  const { source } = synthetic({ seed: 2, days: 40, lastDate: '2024-08-20' })
  await using house = await temporaryHouse()
  await importFile(house, { userId: 'robin', fileName: 'x', source, zone })
  let isFirst = true
  const batch: House['documents']['batch'] = async (writes) => {
    if (isFirst) {
      isFirst = false
      await analyseDirtyDays(house, 'robin')
    }
    await house.documents.batch(writes)
  }
  expect(await analyseDirtyDays({ ...house, documents: { ...house.documents, batch } }, 'robin')).toEqual({ days: 0, insights: 0 })
  const { data } = await house.documents.list({ collection: 'days', parent: 'users/robin', limit: 100 })
  expect(data.map(({ version }) => version)).toEqual(Array(data.length).fill(1))
  await drainOutbox(house)
  expect((await rowsOf(house)).map(({ date }) => date)).toEqual((await daysOf(house)).map(({ date }) => date))
})

function rowsOf({ warehouse }: House): Promise<readonly UserAnalytics[]> {
  return warehouse.analytics({ userId: 'robin', ...everyDate })
}

async function waitingIn({ documents }: House): Promise<number> {
  return (await documents.list({ collection: 'outbox', index: 'at', limit: 10_000 })).data.length
}
