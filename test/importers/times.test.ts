import { expect, test } from 'vitest'
import { exportOf, metadata, record, SLEEP } from './export-text.ts'
import { nowMs, readExport, readOne } from './reading.ts'

const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const startOf = async (at: string) => (await readOne(exportOf(record({ at })))).startMs

async function verdictOf(at: string): Promise<string> {
  const { problems, fates, records } = await readExport(exportOf(record({ at })))
  if (fates.rejected === 1) return `rejected: ${Object.keys(problems).join()}`
  return records[0]?.words.quarantine ?? 'kept'
}

test('128: a time without an offset is rejected as offset_required', async () => {
  for (const at of ['2024-01-20 14:30:00', '2024-01-20T14:30:00']) expect(await verdictOf(at)).toBe('rejected: offset_required')
})

test.each([
  '2024-02-30 12:00:00 +0000',
  '2023-02-29 12:00:00 +0000',
  '2100-02-29 12:00:00 +0000',
  '2024-13-01 12:00:00 +0000',
  '2024-00-10 12:00:00 +0000',
  '2024-01-00 12:00:00 +0000',
  '2024-04-31 12:00:00 +0000',
  '2024-01-20 25:00:00 +0000',
  '2024-01-20 12:60:00 +0000',
  '2024-01-20 12:00:61 +0000',
  '2024-01-20 12:00:00 +2500',
  '2024-01-20 12:00:00 +0175',
  '20/01/2024 12:00:00 +0000',
  '2024-01-20 12:00 +0000',
  '2024-01-20',
  '',
])('129: %j is rejected as invalid_date and becomes no other day', async (at) => {
  expect(await verdictOf(at)).toBe('rejected: invalid_date')
})

test('129: the 29th of February is a day in leap years', async () => {
  expect(await startOf('2024-02-29 12:00:00 -0500')).toBe(ms('2024-02-29T17:00:00Z'))
  expect(await startOf('2000-02-29 12:00:00 +0000')).toBe(ms('2000-02-29T12:00:00Z'))
})

test('130: a leap second is the last millisecond of its day, flagged', async () => {
  const sample = await readOne(exportOf(record({ at: '2016-12-31 18:59:60 -0500' })))
  expect(sample.startMs).toBe(ms('2016-12-31T23:59:59.999Z'))
  expect(sample.flags).toEqual(['leap_second'])
})

test('130: a 60th second anywhere else is rejected', async () => {
  expect(await verdictOf('2016-12-31 12:00:60 +0000')).toBe('rejected: invalid_date')
})

test('131: 24:00:00 is the beginning of the next day, and 24:00:01 is nothing', async () => {
  expect(await startOf('2024-01-20 24:00:00 +0100')).toBe(ms('2024-01-20T23:00:00Z'))
  expect(await verdictOf('2024-01-20 24:00:01 +0100')).toBe('rejected: invalid_date')
})

test('132: a number is no date', async () => {
  for (const at of ['1705752000', '1705752000000', '1.7e9']) expect(await verdictOf(at)).toBe('rejected: invalid_date')
})

test('133: fractions of a second are kept to the microsecond', async () => {
  const base = ms('2024-01-20T12:00:00Z')
  for (const [text, more] of [
    ['.5', 500],
    ['.123456', 123.456],
    ['.123456789', 123.457],
    [',25', 250],
  ] as const)
    expect(await startOf(`2024-01-20 12:00:00${text} +0000`)).toBeCloseTo(base + more, 3)
})

test.each([
  ['1969-12-31 23:59:59 +0000', 'bad_time'],
  ['1970-01-01 00:00:00 +0000', 'kept'],
  ['1900-01-01 00:00:00 +1400', 'bad_time'],
  ['1899-12-31 23:59:59 +0000', 'rejected: out_of_range'],
  ['0000-01-01 00:00:00 +0000', 'rejected: out_of_range'],
  ['2200-12-31 23:59:59 -1200', 'future'],
  ['4001-01-01 00:00:00 +0000', 'rejected: out_of_range'],
  ['9999-12-31 23:59:59 -1200', 'rejected: out_of_range'],
  ['+275761-01-01 00:00:00 +0000', 'rejected: invalid_date'],
  ['-000001-01-01 00:00:00 +0000', 'rejected: invalid_date'],
  ['infinity', 'rejected: invalid_date'],
])('134: %s: %s', async (at, verdict) => {
  expect(await verdictOf(at)).toBe(verdict)
})

test.each([
  ['America/New_york', 'America/New_York'],
  ['america/new_york', 'America/New_York'],
  ['EST', 'Europe/Berlin'],
  ['GMT+5', 'Europe/Berlin'],
  ['+05:00', 'Europe/Berlin'],
  ['../etc/passwd', 'Europe/Berlin'],
  ['', 'Europe/Berlin'],
  ['Mars/Olympus', 'Europe/Berlin'],
])('135: the zone %j of a record puts it in %s; what is no IANA zone is as good as none', async (zone, expected) => {
  const sample = await readOne(exportOf(record({}, metadata({ HKTimeZone: zone }))), { profileZone: 'Europe/Berlin' })
  expect(sample.sessionZone).toBe(expected)
  expect(sample.metadata).toEqual({ HKTimeZone: zone })
})

test('136: both 01:30 of the autumn night are read, each by its offset', async () => {
  expect(await startOf('2024-11-03 01:30:00 -0400')).toBe(ms('2024-11-03T05:30:00Z'))
  expect(await startOf('2024-11-03 01:30:00 -0500')).toBe(ms('2024-11-03T06:30:00Z'))
})

test('137: a night from 23 to 7 o’clock lasts 7 hours in spring and 9 in autumn', async () => {
  const sleep = { type: SLEEP, unit: undefined, value: 'HKCategoryValueSleepAnalysisInBed' }
  const spring = record({ ...sleep, startDate: '2024-03-09 23:00:00 -0500', endDate: '2024-03-10 07:00:00 -0400' })
  const autumn = record({ ...sleep, startDate: '2024-11-02 23:00:00 -0400', endDate: '2024-11-03 07:00:00 -0500' })
  const { records } = await readExport(exportOf(spring + autumn), { nowMs: ms('2025-01-01T00:00:00Z') })
  expect(records.map(({ value }) => value)).toEqual([7 * 60, 9 * 60])
})

test('138: the day on which the clocks go back has 25 hours of samples, the other 23', async () => {
  const hours = (first: string, count: number) =>
    Array.from({ length: count }, (_, n) => {
      const at = Temporal.Instant.from(first).add({ hours: n }).toString({ smallestUnit: 'second' })
      return record({ at: at.replace('T', ' ').replace('Z', ' +0000') })
    }).join('')
  const text = exportOf(hours('2023-11-05T00:30:00Z', 60) + hours('2023-03-11T00:30:00Z', 80))
  const { records } = await readExport(text, { profileZone: 'America/New_York' })
  const on = (date: string) => records.filter(({ localDate }) => localDate === date).length
  expect([on('2023-11-05'), on('2023-03-12'), on('2023-03-13')]).toEqual([25, 23, 24])
})

test('139: a sample may end when it starts; 140: one that ends before it starts is rejected', async () => {
  expect(await verdictOf('2024-01-20 12:00:00 +0000')).toBe('kept')
  const backwards = exportOf(record({ startDate: '2024-01-20 12:00:00 +0100', endDate: '2024-01-20 12:00:00 +0200' }))
  expect(await readExport(backwards)).toMatchObject({ fates: { rejected: 1 }, problems: { end_before_start: 1 } })
})

test('141: a sample of 24 hours and one of a second more are each kept whole', async () => {
  const long = (endDate: string) => record({ startDate: '2024-01-19 12:00:00 +0000', endDate })
  const { records } = await readExport(exportOf(long('2024-01-20 12:00:00 +0000') + long('2024-01-20 12:00:01 +0000')))
  expect(records.map(({ startMs, endMs }) => endMs - startMs)).toEqual([86_400_000, 86_401_000])
})

test.each([
  [30, [], undefined],
  [5 * 60, [], undefined],
  [5 * 60 + 1, ['clock_skew'], undefined],
  [24 * 3600, ['clock_skew'], undefined],
  [24 * 3600 + 1, ['clock_skew'], 'future'],
])('142: %i seconds ahead: flags %j, quarantine %s', async (seconds, flags, quarantine) => {
  const at = Temporal.Instant.fromEpochMilliseconds(nowMs + seconds * 1000)
    .toString()
    .replace('T', ' ')
    .replace('Z', ' +0000')
  const sample = await readOne(exportOf(record({ at })))
  expect([sample.flags, sample.words.quarantine]).toEqual([flags, quarantine])
})

test('144: a sample of a traveller lies on the local date of where its start was taken', async () => {
  const tokyo = record(
    { startDate: '2024-01-20 15:30:00 +0000', endDate: '2024-01-20 23:30:00 +0000' },
    metadata({ HKTimeZone: 'Asia/Tokyo' }),
  )
  const home = record({ at: '2024-01-18 04:00:00 +0000' }, metadata({ HKTimeZone: 'America/New_York' }))
  const { records } = await readExport(exportOf(home + tokyo))
  expect(records.map(({ localDate, sessionZone }) => [localDate, sessionZone])).toEqual([
    ['2024-01-17', 'America/New_York'],
    ['2024-01-21', 'Asia/Tokyo'],
  ])
})
