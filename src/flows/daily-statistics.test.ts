import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import type { StoredSession } from '../model/session.ts'
import { dailyStatistics } from './daily-statistics.ts'

const beat = (date: string, time: string, bpm: number): RecordOf => ({
  ...steps('watch', date, time, time, bpm),
  type: 'HeartRate',
  unit: 'count/min',
})

test('a metric is told day by day and source by source, without what is quarantined', async () => {
  await using house = await temporaryHouse()
  const records = [
    beat('2024-06-12', '08:00', 60),
    beat('2024-06-12', '09:00', 72),
    beat('2024-06-12', '10:00', 300),
    beat('2024-06-13', '08:00', 80),
    steps('phone', '2024-06-12', '08:00', '09:00', 1000),
  ]
  await imported(house, sourceOf(exportText(records)), 'America/New_York')
  const found = []
  for await (const each of dailyStatistics(house, 'robin', 'heart_rate', { from: '2024-06-12', to: '2024-06-13' })) found.push(each)
  expect(found).toEqual([
    { date: '2024-06-12', sourceId: expect.stringMatching(/^watch_/), count: 2, average: 66, min: 60, max: 72 },
    { date: '2024-06-13', sourceId: expect.stringMatching(/^watch_/), count: 1, average: 80, min: 80, max: 80 },
  ])
})

test('a session whose part of an object is not what was kept is a problem, not a figure', async () => {
  await using house = await temporaryHouse()
  await imported(house, sourceOf(exportText([beat('2024-06-12', '08:00', 60), beat('2024-06-13', '08:00', 80)])), 'America/New_York')
  const { data } = await house.documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 9 })
  const { key = '', offset = 0 } = data[1]?.body.samples ?? {}
  const bytes = await house.blobs.get(key)
  bytes[offset + 40] = (bytes[offset + 40] ?? 0) ^ 1
  await house.blobs.putAll([{ key, bytes }])
  const reading = async () => {
    for await (const _ of dailyStatistics(house, 'robin', 'heart_rate', { from: '2024-06-12', to: '2024-06-13' }));
  }
  await expect(reading()).rejects.toMatchObject({ code: 'storage_corrupt' })
})
