import { afterEach, beforeEach, expect, test } from 'vitest'
import { put } from '../../test/contracts/expectations.ts'
import { aRow } from '../../test/contracts/warehouse-rows.ts'
import { aDay } from '../../test/fixtures/days.ts'
import { openMemoryCache } from '../adapters/cache/memory.ts'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { openSqliteWarehouse } from '../adapters/warehouse/sqlite.ts'
import type { StoredEvent } from '../model/event.ts'
import type { StoredJob } from '../model/job.ts'
import { everyDate, type UserAnalytics } from '../model/user-analytics.ts'
import type { TrendType } from '../model/user-trend.ts'
import type { Documents } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { computeTrends } from './compute-trends.ts'
import { withEvents } from './events.ts'
import { all } from './every.ts'
import { findChanges } from './keep-changes.ts'
import { drainOutbox, toOutbox } from './warehouse-outbox.ts'

let nowMs = 0
const clock = { nowMs: () => nowMs }
let kept: Documents
let documents: Documents
let warehouse: Warehouse
beforeEach(async () => {
  nowMs = Date.parse('2024-06-20T12:00:00Z')
  kept = openSqliteDocuments('sqlite::memory:')
  let ids = 0
  const newId = () => String(++ids).padStart(32, '0')
  documents = withEvents({ documents: kept, cache: openMemoryCache({ clock }), clock, newId, hasWebhooks: async () => false })
  warehouse = openSqliteWarehouse('sqlite::memory:')
  await documents.batch([put('users/u1', {})])
})
afterEach(async () => {
  await kept.close()
  await warehouse.close()
})
const deps = () => ({ documents, warehouse, clock })

const date = (n: number) => Temporal.PlainDate.from('2024-01-01').add({ days: n }).toString()
/** Deterministic scatter of −1, 0 and 1. */
const scatter = (n: number) => ((n * 7919) % 3) - 1

function restingRows(levels: readonly number[], from = 0): UserAnalytics[] {
  return levels.map((level, n) => aRow({ date: date(from + n), restingHeartRate: level + scatter(from + n), dataQualityScore: 0.9 }))
}

const times = (count: number, level: number) => Array.from({ length: count }, () => level)

async function starts(trendType: TrendType): Promise<string[]> {
  return (await warehouse.trends({ userId: 'u1', trendType, ...everyDate })).map(({ periodStart }) => periodStart)
}

async function told(): Promise<string[]> {
  const events = await all<StoredEvent>(documents, { collection: 'events', parent: 'users/u1' })
  return events.flatMap(({ body }) => body.changes.filter(({ type }) => type === 'trend').map(({ action, id }) => `${action} ${id}`))
}

test('weeks, months and quarters of all days are there, and a second look changes nothing', async () => {
  await warehouse.putAnalytics(restingRows(times(70, 60)))
  expect(await computeTrends(deps(), 'u1')).toBe(10 + 3 + 1)
  expect(await starts('weekly')).toEqual(Array.from({ length: 10 }, (_, n) => date(7 * n)))
  expect(await starts('monthly')).toEqual(['2024-01-01', '2024-02-01', '2024-03-01'])
  expect(await starts('quarterly')).toEqual(['2024-01-01'])
  expect(await computeTrends(deps(), 'u1')).toBe(0)
})

test('a late day refreshes the periods that it touches, those after them and no other', async () => {
  await warehouse.putAnalytics(restingRows(times(70, 60)))
  await computeTrends(deps(), 'u1')
  const late = date(16)
  await warehouse.putAnalytics([aRow({ date: late, restingHeartRate: 90, revision: 2 })])
  // The third week and the one compared with it, January and February, the quarter.
  expect(await computeTrends(deps(), 'u1')).toBe(2 + 2 + 1)
  const week = (await warehouse.trends({ userId: 'u1', trendType: 'weekly', from: date(14), to: date(14) }))[0]
  expect(week?.trendData.metrics?.resting_heart_rate?.mean).toBeGreaterThan(64)
})

test('of two that compute at once the one that saw the later days stays', async () => {
  await warehouse.putAnalytics(restingRows(times(7, 60)))
  let isFirst = true
  const slow: Warehouse = {
    ...warehouse,
    async putTrends(trends) {
      if (isFirst) {
        isFirst = false
        await warehouse.putAnalytics([aRow({ date: date(3), restingHeartRate: 90, revision: 2 })])
        await computeTrends(deps(), 'u1')
      }
      await warehouse.putTrends(trends)
    },
  }
  await computeTrends({ ...deps(), warehouse: slow }, 'u1')
  const [week] = await warehouse.trends({ userId: 'u1', trendType: 'weekly', ...everyDate })
  expect(week?.trendData.metrics?.resting_heart_rate?.mean).toBeGreaterThan(64)
})

test('a level shift is kept with its date and told once, however often it is looked at', async () => {
  const rows = restingRows([...times(50, 60), ...times(40, 66)])
  for (let n = 0; n < rows.length; n++) {
    await warehouse.putAnalytics(rows.slice(n, n + 1))
    await computeTrends(deps(), 'u1')
  }
  const [shift, ...others] = (await findChanges(deps(), 'u1')).map(({ body }) => body).filter(({ kind }) => kind === 'level_shift')
  expect(others).toEqual([])
  expect(shift).toMatchObject({ metric: 'resting_heart_rate', date: date(50), before: 60, after: 66, unit: '/min' })
  expect((await told()).filter((event) => event.includes('level_shift'))).toEqual([
    `created level_shift_resting_heart_rate_${date(50).replaceAll('-', '')}`,
  ])
})

test('an elevation of two nights is told once on its second, and goes on silently', async () => {
  const rows = restingRows([...times(30, 60), ...times(5, 66), ...times(5, 60)])
  const heard: number[] = []
  for (let n = 0; n < rows.length; n++) {
    await warehouse.putAnalytics(rows.slice(n, n + 1))
    await computeTrends(deps(), 'u1')
    heard.push((await told()).length)
  }
  expect(heard.indexOf(1)).toBe(31)
  expect(heard.at(-1)).toBe(1)
  const [change] = await findChanges(deps(), 'u1')
  expect(change?.body).toMatchObject({ kind: 'elevation', date: date(30), noticedOn: date(31), until: date(34), before: 60 })
})

test('one raised night is none, nor are two with a night between', async () => {
  await warehouse.putAnalytics(restingRows([...times(30, 60), 70, 60, 70, 60, 60]))
  await computeTrends(deps(), 'u1')
  expect(await findChanges(deps(), 'u1')).toEqual([])
})

test('what late data take back goes, and what they move by a day is not told again', async () => {
  await warehouse.putAnalytics(restingRows([...times(30, 60), ...times(4, 68), ...times(6, 60)]))
  await computeTrends(deps(), 'u1')
  await warehouse.putAnalytics([aRow({ date: date(29), restingHeartRate: 68, revision: 2 })])
  await computeTrends(deps(), 'u1')
  const changes = await findChanges(deps(), 'u1')
  expect(changes.map(({ body }) => [body.changeId, body.date])).toEqual([['elevation_resting_heart_rate_20240131', '2024-01-30']])
  await warehouse.putAnalytics(restingRows(times(40, 60)).map((row) => ({ ...row, revision: 3 })))
  await computeTrends(deps(), 'u1')
  expect(await findChanges(deps(), 'u1')).toEqual([])
  const id = 'elevation_resting_heart_rate_20240131'
  expect(await told()).toEqual([`created ${id}`, `updated ${id}`, `deleted ${id}`])
})

test('rows that are carried over queue one job a person, which a look at the trends settles', async () => {
  await documents.batch([put('users/u2', {})])
  const day = (userId: string, n: number) => aDay(date(n), { userId, steps: 1000 })
  await documents.batch([day('u1', 0), day('u1', 1), day('u2', 0)].flatMap((each) => [...toOutbox(each, nowMs)]))
  await drainOutbox(deps())
  const jobs = async () =>
    (await all<StoredJob>(documents, { collection: 'jobs' })).map(({ body }) => [body.userId, body.type, body.status]).sort()
  expect(await jobs()).toEqual([
    ['u1', 'trends', 'pending'],
    ['u2', 'trends', 'pending'],
  ])
  await documents.batch([...toOutbox(day('u1', 2), nowMs)])
  await drainOutbox(deps())
  expect(await jobs()).toHaveLength(2)
  await computeTrends(deps(), 'u1')
  expect(await jobs()).toEqual([
    ['u1', 'trends', 'completed'],
    ['u2', 'trends', 'pending'],
  ])
})

test('who was erased meanwhile leaves no trend behind', async () => {
  await warehouse.putAnalytics(restingRows(times(7, 60)))
  const erasing: Warehouse = {
    ...warehouse,
    async putTrends(trends) {
      await documents.batch([{ op: 'delete', path: 'users/u1' }])
      await warehouse.delete({ userId: 'u1', ...everyDate })
      await warehouse.putTrends(trends)
    },
  }
  expect(await computeTrends({ ...deps(), warehouse: erasing }, 'u1')).toBe(0)
  expect(await starts('weekly')).toEqual([])
})
