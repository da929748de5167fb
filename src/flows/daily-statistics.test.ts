import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
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
