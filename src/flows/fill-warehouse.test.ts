import { afterEach, beforeEach, expect, test } from 'vitest'
import { put } from '../../test/contracts/expectations.ts'
import { aRow, aTrend } from '../../test/contracts/warehouse-rows.ts'
import { aDay } from '../../test/fixtures/days.ts'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { openSqliteWarehouse } from '../adapters/warehouse/sqlite.ts'
import { everyDate } from '../model/user-analytics.ts'
import type { Documents } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { fillWarehouse } from './fill-warehouse.ts'
import { drainOutbox, toOutbox } from './warehouse-outbox.ts'

const nowMs = Date.parse('2024-03-01T06:00:00Z')
const clock = { nowMs: () => nowMs }

let documents: Documents
let warehouse: Warehouse
beforeEach(async () => {
  documents = openSqliteDocuments('sqlite::memory:')
  warehouse = openSqliteWarehouse('sqlite::memory:')
  await documents.batch([put('users/u1', {}), put('users/u2', {}), put('users/u3', {})])
})
afterEach(async () => {
  await documents.close()
  await warehouse.close()
})

function dayOf(userId: string, at: number, revision = 1) {
  const date = Temporal.PlainDate.from('2021-01-01').add({ days: at }).toString()
  return aDay(date, { userId, revision, steps: 100 * revision })
}

async function stepsOf(userId: string): Promise<unknown[]> {
  return (await warehouse.analytics({ userId, ...everyDate })).map(({ totalSteps }) => totalSteps)
}

test('an empty warehouse gets the row of every day of everybody', async () => {
  const days = [...Array.from({ length: 501 }, (_, at) => dayOf('u1', at)), dayOf('u2', 0)]
  for (let at = 0; at < days.length; at += 100)
    await documents.batch(days.slice(at, at + 100).map((day) => put(`users/${day.userId}/days/${day.date}`, day)))
  expect(await fillWarehouse({ documents, warehouse, clock })).toBe(502)
  expect(await stepsOf('u1')).toHaveLength(501)
  expect(await stepsOf('u2')).toEqual([100])
})

test('rows of a later revision than the documents have, and of days that they lack, give way', async () => {
  await documents.batch([put('users/u1/days/2021-01-01', dayOf('u1', 0, 2))])
  await warehouse.putAnalytics(['2021-01-01', '2021-01-02'].map((date) => aRow({ date, revision: 9, totalSteps: 1 })))
  await warehouse.putTrends([aTrend()])
  await fillWarehouse({ documents, warehouse, clock })
  expect(await stepsOf('u1')).toEqual([200])
  const trends = await warehouse.trends({ userId: 'u1', trendType: 'weekly', ...everyDate })
  // 2021-01-01 lies in the week that began on 28 December.
  expect(trends.map(({ periodStart, trendData }) => [periodStart, trendData.metrics?.total_steps?.mean])).toEqual([['2020-12-28', 200]])
})

test('a revision that is made and carried meanwhile stays', async () => {
  await documents.batch([put('users/u1/days/2021-01-01', dayOf('u1', 0))])
  const next = dayOf('u1', 0, 2)
  let isFirst = true
  const meanwhile: Warehouse = {
    ...warehouse,
    async putAnalytics(rows) {
      if (isFirst) {
        isFirst = false
        await documents.batch([put('users/u1/days/2021-01-01', next), ...toOutbox(next, nowMs)])
        await drainOutbox({ documents, warehouse, clock })
      }
      await warehouse.putAnalytics(rows)
    },
  }
  await fillWarehouse({ documents, warehouse: meanwhile, clock })
  expect(await stepsOf('u1')).toEqual([200])
})
