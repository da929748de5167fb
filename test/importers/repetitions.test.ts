import { expect, test } from 'vitest'
import { element, exportOf, metadata, record } from './export-text.ts'
import { readExport } from './reading.ts'

const systolic = { type: 'HKQuantityTypeIdentifierBloodPressureSystolic', unit: 'mmHg', value: '120', sourceName: 'Cuff' }
const diastolic = { ...systolic, type: 'HKQuantityTypeIdentifierBloodPressureDiastolic', value: '80' }
const at = '2024-01-20 12:00:00 +0000'

function correlation(children: string): string {
  return element(
    'Correlation',
    { type: 'HKCorrelationTypeIdentifierBloodPressure', sourceName: 'Cuff', creationDate: at, startDate: at, endDate: at },
    metadata({ k: 'v' }) + children,
  )
}

test('the records in a correlation repeat the top level: they are counted once, before or behind it', async () => {
  const pair = record(systolic) + record(diastolic)
  for (const text of [pair + correlation(pair), correlation(pair) + pair]) {
    const { fates, elements, records } = await readExport(exportOf(text))
    expect(fates).toMatchObject({ received: 2, kept: 2, duplicate: 0 })
    expect(elements).toMatchObject({ records: 2, nested: 2, correlations: 1 })
    expect(records.map(({ value }) => value).sort()).toEqual([120, 80])
  }
})

test('a record that stands in a correlation only is received all the same', async () => {
  const { fates, records } = await readExport(
    exportOf(record(systolic) + correlation(record(systolic) + record({ ...diastolic, value: '81' }))),
  )
  expect(fates).toMatchObject({ received: 2, kept: 2 })
  expect(records.map(({ value }) => value).sort()).toEqual([120, 81])
})

test('a correlation that has lost its end tag takes nothing from what follows', async () => {
  const open = correlation(record(systolic)).replace('</Correlation>', '')
  const workout = element('Workout', {
    workoutActivityType: 'HKWorkoutActivityTypeYoga',
    sourceName: 'Watch',
    startDate: at,
    endDate: '2024-01-20 13:00:00 +0000',
  })
  const { fates, elements } = await readExport(exportOf(open.repeat(70) + workout + record(diastolic)))
  expect(elements).toMatchObject({ workouts: 1, records: 1, correlations: 70 })
  expect(fates).toMatchObject({ received: 3, kept: 3 })
})

test('the same sample exported again is a duplicate, whatever its creation date, device and versions', async () => {
  const again = {
    creationDate: '2024-01-25 12:00:00 +0000',
    startDate: at,
    endDate: at,
    device: '<<HKDevice: 0x1>, name:Watch>',
    sourceVersion: '11',
  }
  const { fates, records } = await readExport(
    exportOf(record() + record(again) + record({ startDate: '2024-01-20 13:00:00 +0100', endDate: at, creationDate: at })),
  )
  expect(fates).toMatchObject({ received: 3, kept: 1, duplicate: 2 })
  expect(records).toHaveLength(1)
})

test.each([
  { value: '62' },
  { sourceName: 'Phone' },
  { at: '2024-01-20 12:00:01 +0000' },
  { unit: 'count/s' },
  { type: 'HKQuantityTypeIdentifierRestingHeartRate' },
  { startDate: at, endDate: '2024-01-20 12:00:01 +0000' },
])('a sample that differs in %j is another sample', async (difference) => {
  expect((await readExport(exportOf(record() + record(difference)))).fates).toMatchObject({ received: 2, kept: 2, duplicate: 0 })
})

test('of samples with one sync identifier only the highest version stays, in any order of the file', async () => {
  const version = (id: string, number: string, value: string) =>
    record({ value, sourceName: 'App' }, metadata({ HKMetadataKeySyncIdentifier: id, HKMetadataKeySyncVersion: number }))
  const versions = [version('a', '2', '62'), version('a', '10', '70'), version('a', '9', '69'), version('b', '1', '55')]
  for (const order of [versions, versions.toReversed()]) {
    const { fates, records, problems } = await readExport(exportOf(order.join('')))
    expect(fates).toMatchObject({ received: 4, kept: 2, duplicate: 2 })
    expect(records.map(({ value }) => value).sort()).toEqual([55, 70])
    expect(problems).toEqual({ superseded_version: 2 })
  }
})

test('a thousand copies are one sample and 999 duplicates', async () => {
  expect((await readExport(exportOf(record().repeat(1000)))).fates).toMatchObject({ received: 1000, kept: 1, duplicate: 999 })
})
