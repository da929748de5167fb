import { expect, test } from 'vitest'
import { type Sample, tableOf } from '../../test/fixtures/sample-tables.ts'
import { temporaryHouse } from '../../test/golden/people.ts'
import { encodeSamples } from '../columns/parquet-writer.ts'
import type { SamplesPointer } from '../model/session.ts'
import { sessionLoader } from './load-samples.ts'

const date = '2024-06-12'
const beat = (time: string, value: number, quarantine?: string): Sample => ({
  metric: 'heart_rate_variability',
  type: 'InstantaneousBeatsPerMinute',
  start: Date.parse(`${date}T${time}Z`),
  end: Date.parse(`${date}T${time}Z`),
  value,
  ...(quarantine !== undefined && { quarantine }),
})

async function loaded(samples: (house: Awaited<ReturnType<typeof temporaryHouse>>) => SamplesPointer, quarantined: Record<string, number>) {
  await using house = await temporaryHouse()
  const body = {
    userId: 'robin',
    sessionInfo: { sessionId: 's1' },
    localDate: date,
    source: { id: 'watch', name: 'Watch', kind: 'watch' },
    quality: { verdict: 'quarantine', flags: [], quarantined },
    samples: samples(house),
    revision: 1,
  }
  await house.documents.batch([{ op: 'put', path: 'users/robin/healthSessions/s1', body }])
  return await sessionLoader(house, 'robin', { ...house, coming: [date] })(date)
}

test('a beat that was set aside is in no analysis', async () => {
  const beats = tableOf([beat('03:00:00', 61), beat('03:00:01', 400, 'hr_out_of_range'), beat('03:00:02', 62)])
  const file = encodeSamples(beats, { date, source: 'watch' }).bytes.slice()
  const inline = { inline: Buffer.from(file).toString('base64'), length: file.length, rows: 3 }
  const [session] = await loaded(({ sha256 }) => ({ ...inline, sha256: sha256(file) }), { hr_out_of_range: 1 })
  expect(session?.beats.map(({ bpm }) => [...bpm])).toEqual([[61, 62]])
})

test('of a session of which all was set aside nothing is read', async () => {
  const nowhere = { key: 'samples/robin/2024-06/none.parquet', length: 100, sha256: '0'.repeat(64), rows: 3 }
  const [session] = await loaded(() => nowhere, { future: 2, hr_out_of_range: 1 })
  expect(session).toMatchObject({ path: 'users/robin/healthSessions/s1', revision: 1, series: [], beats: [], sleep: [] })
  await expect(loaded(() => nowhere, { future: 2 })).rejects.toMatchObject({ code: 'not_found' })
})
