import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importFile } from '../../src/flows/import-file.ts'
import { temporaryHouse } from '../golden/people.ts'
import { readExport, type Sample, sourceOf } from './reading.ts'

const root = join(import.meta.dirname, '../..')
const data = process.env.CLARITY_REAL_DATA ?? join(root, '../shared/data')
const generator = join(root, '../shared/tools/gen-export.mjs')
const sixS = join(data, 'apple-health/export6s3sample.xml')
const small = join(data, 'apple-health/export-small.xml')

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

// The figures are the sums of the file's own attributes, made with grep and awk.
test.skipIf(!existsSync(sixS))('real data apple-health/export6s3sample.xml: steps, metres, rings and a workout', async () => {
  const { records, fates, whole, problems, person } = await readExport(readFileSync(sixS))
  const steps = records.filter(({ words }) => words.metric === 'steps')
  const metres = records.filter(({ words }) => words.metric === 'distance_walking_running')
  expect(steps).toHaveLength(10)
  expect(sumOf(steps.map(({ value }) => value))).toBe(2517)
  expect(sumOf(metres.map(({ value }) => value))).toBeCloseTo(19.43, 9)
  expect(fates).toEqual({ received: 18, kept: 18, duplicate: 0, rejected: 0, unread: 0 })
  expect([whole, problems]).toEqual([true, {}])
  expect(person).toEqual({ dateOfBirth: '1965-07-31', gender: 'male' })
  expect(records.filter(({ words }) => words.type === 'Workout')).toMatchObject([{ localDate: '2016-04-02', value: 31 + 44 / 60 }])
})

test.skipIf(!existsSync(small))(
  'real data apple-health/export-small.xml: no DTD, a route within the workout, metadata with entities',
  async () => {
    const { records, fates, whole } = await readExport(readFileSync(small))
    expect(records.map(({ words }) => words.type).sort()).toEqual([
      'ActivitySummary',
      'ActivitySummary',
      'HKQuantityTypeIdentifierBodyMassIndex',
      'HKQuantityTypeIdentifierHeartRate',
      'Workout',
    ])
    expect(fates).toEqual({ received: 5, kept: 5, duplicate: 0, rejected: 0, unread: 0 })
    expect(whole).toBe(true)
    const [index] = records.filter(({ words }) => words.metric === 'body_mass_index')
    expect(index).toMatchObject({
      value: 22.5312,
      metadata: { 'Withings Link': 'withings-bd2://timeline/measure?userid=12345&date=482685932&type=1' },
    })
    expect(records.find(({ words }) => words.type === 'Workout')?.localDate).toBe('2016-11-14')
  },
)

test.skipIf(!existsSync(sixS))('real data apple-health/: imported whole, once and again', async () => {
  await using house = await temporaryHouse()
  for (const [file, received] of [
    [sixS, 18],
    [small, 5],
  ] as const) {
    const request = { userId: 'someone', fileName: 'export.xml', source: sourceOf(readFileSync(file)) }
    expect((await importFile(house, request)).report).toMatchObject({
      received,
      accepted: received,
      duplicate: 0,
      quarantined: 0,
      rejected: 0,
    })
    expect((await importFile(house, request)).report).toMatchObject({ received, accepted: 0, duplicate: received, sessions: 0 })
  }
})

interface GeneratedTruth {
  readonly records: number
  readonly nested: number
  /** Seconds. */
  readonly startSum: number
  readonly endSum: number
  readonly valueSum: number
  readonly byType: Readonly<Record<string, number>>
  readonly bySource: Readonly<Record<string, number>>
  readonly beats: number
  readonly workouts: number
  readonly summaries: number
}

test.skipIf(!existsSync(generator))('tools/gen-export.mjs, 2 MB: every figure of its truth file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-generated-'))
  const file = join(folder, 'export.xml')
  execFileSync(process.execPath, [generator, file, '2', '1'])
  const truth: GeneratedTruth = JSON.parse(readFileSync(`${file}.truth.json`, 'utf8'))
  const { records, samples, counts, elements, fates, whole } = await readExport(readFileSync(file))
  rmSync(folder, { recursive: true })
  expect(whole).toBe(true)
  expect(elements).toMatchObject({
    records: truth.records,
    nested: truth.nested,
    beats: truth.beats,
    workouts: truth.workouts,
    activitySummaries: truth.summaries,
  })
  expect(counts.received).toBe(truth.records + truth.workouts + truth.summaries)
  expect(samples.length - records.length).toBe(truth.beats)
  // The generator draws times at random, so that some samples are the same by chance: the file itself says which.
  expect([fates.rejected, fates.unread, fates.duplicate]).toEqual([0, 0, 0])
  const own = records.filter(({ words }) => words.type?.startsWith('HK'))
  const tally = (key: (record: Sample) => string) =>
    Object.fromEntries([...Map.groupBy(own, key)].map(([name, list]) => [name, list.length]))
  expect(tally(({ words }) => words.type ?? '')).toEqual(truth.byType)
  expect(tally(({ source }) => source.name)).toEqual(truth.bySource)
  expect(sumOf(own.map(({ startMs }) => startMs / 1000))).toBe(truth.startSum)
  expect(sumOf(own.map(({ endMs }) => endMs / 1000))).toBe(truth.endSum)
  const written = own
    .filter(({ words }) => words.text === undefined)
    .map(({ value, rawValue }) => (Number.isNaN(rawValue) ? value : rawValue))
  expect(sumOf(written)).toBeCloseTo(truth.valueSum, 2)
})
