import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import type { MetricName } from '../model/metrics.ts'
import type { StoredSession } from '../model/session.ts'
import { findTimeseries, type Resolution } from './find-timeseries.ts'

const beat = (date: string, time: string, bpm: number): RecordOf => ({
  ...steps('watch', date, time, time, bpm),
  type: 'HeartRate',
  unit: 'count/min',
})
const dates = Array.from({ length: 20 }, (_, at) => `2024-06-${String(at + 5).padStart(2, '0')}`)
const records = [
  ...dates.map((date, at) => beat(date, '08:00', 60 + at)),
  beat('2024-06-12', '10:00', 300),
  beat('2024-06-12', '11:00', 81),
  ...dates.map((date) => steps('phone', date, '08:00', '09:00', 1000)),
]

type House = Awaited<ReturnType<typeof temporaryHouse>>

async function filled(): Promise<House> {
  const house = await temporaryHouse()
  await imported(house, sourceOf(exportText(records)), 'America/New_York')
  return house
}

function ask(house: Pick<House, 'documents' | 'blobs' | 'sha256'>, metric: MetricName, resolution: Resolution, from = '2024-06-01') {
  const span = { fromMs: Date.parse(`${from}T04:00:00Z`), toMs: Date.parse('2024-07-01T04:00:00Z') }
  return findTimeseries(house, 'robin', { metric, resolution, ...span, source: undefined })
}

test('a metric is told day by day without what is quarantined', async () => {
  await using house = await filled()
  const days = await ask(house, 'heart_rate', '1day')
  expect(days).toHaveLength(20)
  expect(days.slice(6, 9)).toMatchObject([
    { value: 66, count: 1 },
    { startTime: '2024-06-12T04:00:00.000000Z', value: (67 + 81) / 2, min: 67, max: 81, count: 2 },
    { value: 68, count: 1 },
  ])
})

test('of what many sessions share each byte is read at most once, and nothing of sessions without the metric', async () => {
  await using house = await filled()
  const read: { key: string; from: number; to: number }[] = []
  const blobs: House['blobs'] = {
    ...house.blobs,
    get: async (key, options = {}) => {
      read.push({ key, from: options.range?.from ?? 0, to: options.range?.to ?? Number.POSITIVE_INFINITY })
      return house.blobs.get(key, options)
    },
  }
  await ask({ ...house, blobs }, 'heart_rate', '1day')
  expect(read).toHaveLength(1)
  await ask({ ...house, blobs }, 'body_weight', '1day')
  expect(read).toHaveLength(1)
  await ask({ ...house, blobs }, 'heart_rate', '1day', '2024-06-26')
  const { data } = await house.documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 100 })
  const late = data.filter(({ body }) => body.localDate >= '2024-06-24' && body.sessionInfo.dataTypes.includes('heart_rate'))
  expect(read.slice(1)).toEqual(
    late.map(({ body }) => ({
      key: body.samples?.key,
      from: body.samples?.offset,
      to: (body.samples?.offset ?? 0) + (body.samples?.length ?? 0),
    })),
  )
})

test('a session whose part of an object is not what was kept is a problem, not a figure', async () => {
  await using house = await filled()
  const { data } = await house.documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 100 })
  const { key = '', offset = 0 } = data.find(({ body }) => body.sessionInfo.dataTypes.includes('heart_rate'))?.body.samples ?? {}
  const bytes = await house.blobs.get(key)
  bytes[offset + 40] = (bytes[offset + 40] ?? 0) ^ 1
  await house.blobs.putAll([{ key, bytes }])
  await expect(ask(house, 'heart_rate', '1day')).rejects.toMatchObject({ code: 'storage_corrupt' })
})

test('the person’s own order of sources decides', async () => {
  await using house = await filled()
  await imported(house, sourceOf(exportText([steps('watch', '2024-06-12', '08:00', '09:00', 700)])), 'America/New_York')
  const value = async () => (await ask(house, 'steps', '1day')).find(({ startTime }) => startTime.startsWith('2024-06-12'))?.value
  expect(await value()).toBe(700)
  const user = await house.documents.get<object>('users/robin')
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: { ...user?.body, sourcePriority: { order: ['phone'] } } }])
  expect(await value()).toBe(1000)
})
