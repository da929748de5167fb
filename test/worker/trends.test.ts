import { expect, test } from 'vitest'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import type { StoredJob } from '../../src/model/job.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { quickWorker, until } from './world.ts'

const dates = ['2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13', '2024-06-14']

test('the worker makes the trends of days that reached the warehouse, and again when a day changes late', async () => {
  await using kept = await temporaryHouse()
  let laterMs = 0
  const house = { ...kept, clock: { nowMs: () => Date.now() + laterMs } }
  await using _ = quickWorker(house)
  const settled = new Set<string>()

  async function maxOfWeek(texts: Parameters<typeof exportText>[0]): Promise<number | undefined> {
    await imported(house, sourceOf(exportText(texts)), 'America/New_York')
    await drainOutbox(house)
    laterMs += 20_000
    const { data } = await house.documents.list<StoredJob>({ collection: 'jobs', limit: 100 })
    for (const { body } of data.filter(({ body: { type, jobId } }) => type === 'trends' && !settled.has(jobId))) {
      settled.add(body.jobId)
      expect(await until(house, body.jobId, ({ status }) => status === 'completed')).toMatchObject({ type: 'trends', userId: 'robin' })
    }
    const [week] = await house.warehouse.trends({ userId: 'robin', trendType: 'weekly', ...everyDate })
    return week?.trendData.metrics?.total_steps?.last.value
  }

  expect(await maxOfWeek(dates.map((date, n) => steps('phone', date, '08:00', '09:00', 1000 + n)))).toBe(1004)
  expect(await maxOfWeek([steps('phone', '2024-06-14', '10:00', '11:00', 500)])).toBe(1504)
  expect(settled.size).toBe(2)
})
