import { expect, test } from 'vitest'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { deleteSession } from '../../src/flows/delete-session.ts'
import { every } from '../../src/flows/every.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { packMonth } from '../../src/flows/pack-month.ts'
import type { StoredJob } from '../../src/model/job.ts'
import type { LooseMonth } from '../../src/model/loose-month.ts'
import { queueDueMonths } from '../../src/worker/due-months.ts'
import { handMonth, looseOf, readAll, sessionsOf } from '../fixtures/handed-month.ts'
import { daysOf, insightsOf, temporaryHouse } from '../golden/people.ts'
import { ended, quickWorker } from './world.ts'

type House = Awaited<ReturnType<typeof temporaryHouse>>

const eleven = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const hourMs = 3_600_000

async function bodiesOf<T>(house: House, collection: string): Promise<T[]> {
  const found: T[] = []
  for await (const { body } of every<T>(house.documents, { collection })) found.push(body)
  return found
}

const packings = async (house: House) => (await bodiesOf<StoredJob>(house, 'jobs')).filter(({ type }) => type === 'lifecycle')

test('a month whose samples stand in documents is packed when its time has come, once, and everything is read as before', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, eleven)
  await analyseDirtyDays(house, 'robin')
  const before = { sessions: await readAll(house), days: await daysOf(house), insights: await insightsOf(house) }
  expect(await looseOf(house)).toHaveLength(8)
  const [mark, ...others] = await bodiesOf<LooseMonth>(house, 'looseMonths')
  expect([mark?.month, others]).toEqual(['2024-01', []])

  await queueDueMonths(house)
  expect(await packings(house)).toEqual([])
  const later = { ...house, clock: { nowMs: () => house.clock.nowMs() + hourMs } }
  await Promise.all([queueDueMonths(later), queueDueMonths(later)])
  const [job, ...more] = await packings(house)
  expect([job?.input, more]).toEqual([{ analysisType: 'packing', month: '2024-01' }, []])
  await using _ = quickWorker(house)
  expect(await ended(house, job?.jobId ?? '')).toMatchObject({ status: 'completed', output: { sessions: 8 } })

  expect(await looseOf(house)).toEqual([])
  expect(new Set((await sessionsOf(house)).map(({ samples }) => samples?.key)).size).toBe(1 + 3)
  await analyseDirtyDays(house, 'robin', undefined, ['2024-01-01', '2024-01-02'])
  expect({ sessions: await readAll(house), days: await daysOf(house), insights: await insightsOf(house) }).toEqual(before)
  expect(await bodiesOf(house, 'looseMonths')).toEqual([])
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
})

test('a month that is not over waits until three days after it', async () => {
  await using house = await temporaryHouse()
  const during = { ...house, clock: { nowMs: () => Date.UTC(2024, 0, 20) } }
  await handMonth(during, eleven)
  await analyseDirtyDays(during, 'robin')
  expect(await bodiesOf(house, 'looseMonths')).toEqual([{ userId: 'robin', month: '2024-01', due: '2024-02-04T00:00:00.000000Z' }])
})

test('a few sessions stay in their documents, and what comes late is packed with them when it is enough', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [1, 2, 4, 5])
  expect(await packMonth(house, 'robin', '2024-01')).toBe(0)
  await handMonth(house, [7, 8, 10, 11])
  expect(await packMonth(house, 'robin', '2024-01')).toBe(8)
  expect(await packMonth(house, 'robin', '2024-01')).toBe(0)
})

test('a session that is deleted while it is packed is not brought back, and leaves no object', async () => {
  await using house = await temporaryHouse()
  await handMonth(house, [...eleven, 13])
  let isFirst = true
  const putAll: House['blobs']['putAll'] = async (objects) => {
    if (isFirst) await deleteSession(house, 'robin', 's4')
    isFirst = false
    return house.blobs.putAll(objects)
  }
  await expect(packMonth({ ...house, blobs: { ...house.blobs, putAll } }, 'robin', '2024-01')).rejects.toMatchObject({ code: 'conflict' })
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
  expect(await packMonth(house, 'robin', '2024-01')).toBe(8)
  expect((await sessionsOf(house)).map(({ sessionInfo }) => sessionInfo.sessionId)).not.toContain('s4')
})
