import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bits } from '../../src/importers/apple-health/rows.ts'
import { element, exportOf, heartRates, metadata, record, SLEEP } from './export-text.ts'
import { problemOf, readExport } from './reading.ts'
import { isRecord, scan, unread } from './scan.ts'

const dates = { startDate: '2024-01-20 17:00:00 +0000', endDate: '2024-01-20 17:40:00 +0000' }
const workout = element(
  'Workout',
  { workoutActivityType: 'HKWorkoutActivityTypeRunning', sourceName: 'Watch', ...dates },
  metadata({ HKIndoorWorkout: '0' }) + element('WorkoutEvent', { type: 'HKWorkoutEventTypePause', date: dates.startDate }),
)
const beats =
  '<HeartRateVariabilityMetadataList>\n<InstantaneousBeatsPerMinute bpm="60" time="12:00:01.10"/>\n</HeartRateVariabilityMetadataList>\n'
const small = exportOf(
  [
    record({ value: '61' }, metadata({ HKTimeZone: 'Europe/Berlin', note: 'a > b' })),
    record({ type: SLEEP, unit: undefined, value: 'HKCategoryValueSleepAnalysisAsleepCore', at: '2024-01-20 02:00:00 +0000' }),
    element(
      'Correlation',
      { type: 'HKCorrelationTypeIdentifierFood', sourceName: 'Health', ...dates },
      record({ at: '2024-01-20 13:00:00 +0000' }),
    ),
    record({ type: 'HKQuantityTypeIdentifierHeartRateVariabilitySDNN', unit: 'ms', value: '40' }, beats),
    workout,
    element('ActivitySummary', { dateComponents: '2024-01-20', activeEnergyBurned: '500', activeEnergyBurnedUnit: 'kcal' }),
  ].join(''),
)
const bytes = Buffer.from(small)

/** Where each element of the top level ends that becomes a record, in bytes. */
const ends = [...small.matchAll(/\n?<(Record|Workout|ActivitySummary) [^>]*?(?:\/>|>.*?<\/\1>)/gs)].map((found) =>
  Buffer.byteLength(small.slice(0, found.index + found[0].length)),
)

test('78: cut off at any byte, an export keeps every record that stood whole before the cut', () => {
  expect(ends).toHaveLength(6)
  const rootAt = small.indexOf('<HealthData') + 12
  for (let length = rootAt; length < bytes.length; length++) {
    const cut = scan([bytes.subarray(0, length)])
    const records = cut.rows.filter(({ bits }) => (bits & Bits.BEAT) === 0).length
    expect(cut.whole).toBe(length >= bytes.indexOf('</HealthData>') + 13)
    expect(records).toBeGreaterThanOrEqual(ends.filter((end) => end <= length).length)
    expect(cut.counts.received).toBe(cut.rows.filter(isRecord).length + unread(cut))
  }
})

test('78: cut off before its root element, it is no export', async () => {
  const rootAt = small.indexOf('<HealthData') + 11
  for (let length = 2; length <= rootAt; length++) expect(await problemOf(bytes.subarray(0, length))).toBe('not_recognised')
})

test('78: cut off at 90 %, what stood before is kept and the cut is told', async () => {
  const text = exportOf(heartRates(1000))
  const { records, whole, problems, fates } = await readExport(text.slice(0, Math.floor(text.length * 0.9)))
  expect(whole).toBe(false)
  expect(records.length).toBeGreaterThanOrEqual(898)
  expect(problems).toMatchObject({ xml_truncated: 1 })
  expect(fates.received - records.length).toBe(problems.unreadable_record ?? 0)
})

test('77: bytes overwritten anywhere lead to a reading in which nothing is unaccounted for, or to a Problem', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }), async (at, noise) => {
      const damaged = Buffer.from(bytes)
      damaged.set(noise.subarray(0, damaged.length - at), at)
      // Throws for any other error, and where the counts do not add up.
      expect(await problemOf(damaged)).toMatch(/^read|^[a-z_]+$/)
    }),
    { numRuns: 150, seed: 77 },
  )
})

test('77: one line of many lost or torn harms at most its neighbours', async () => {
  const lines = heartRates(40).trimEnd().split('\n')
  await fc.assert(
    fc.asyncProperty(fc.nat(39), fc.nat(), async (line, place) => {
      const text = lines[line] ?? ''
      const torn = text.slice(0, place % text.length)
      const { records } = await readExport(exportOf([...lines.slice(0, line), torn, ...lines.slice(line + 1), ''].join('\n')))
      expect(records.length).toBeGreaterThanOrEqual(38)
    }),
    { numRuns: 60, seed: 78 },
  )
})
