import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { type Sample, samplesOf, tableOf } from '../../test/fixtures/sample-tables.ts'
import { instantColumns, numberColumns, type SampleTable, wordColumns } from '../model/sample-table.ts'
import { decodeSamples } from './parquet-decoder.ts'
import { readByHyparquet, readSamples } from './parquet-reader.ts'
import { encodeSamples } from './parquet-writer.ts'

const label = { date: '2026-03-01', source: 'watch_1a2b' }

function writeSamples(table: SampleTable): Uint8Array<ArrayBuffer> {
  return encodeSamples(table, label).bytes.slice()
}

// hyparquet is a second implementation of the format: both decoders must find the same.
async function readBack(samples: readonly Sample[]): Promise<Sample[]> {
  const bytes = writeSamples(tableOf(samples))
  const ours = samplesOf(decodeSamples(bytes) ?? expect.fail('our own file'))
  expect(ours).toEqual(samplesOf(await readByHyparquet(bytes)))
  return ours
}

const midnight = Date.UTC(2026, 2, 1)
const beat: Sample = { metric: 'heart_rate', type: 'HKQuantityTypeIdentifierHeartRate', start: midnight, end: midnight, value: 61.5 }

/** Whole microseconds, as milliseconds. */
const instant = (min: number, max: number) => fc.integer({ min: min * 1000, max: max * 1000 }).map((micros) => micros / 1000)
const withinADay = instant(midnight, midnight + 86_400_000)
const anywhere = instant(Date.UTC(1970, 0, 1), Date.UTC(2100, 0, 1))
const text = fc.oneof(
  fc.constantFrom('', 'min', 'count/min', '{"HKWasUserEntered":"1"}'),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)
const number = fc.oneof(
  fc.constantFrom(-0, 0, 1, 72, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE),
  fc.double({ noNaN: true }),
)

/** Samples in which any column that may be empty is: in all rows, in some, or in none. */
function samplesWith(when: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Sample[]> {
  const optional = {
    ...Object.fromEntries(wordColumns.map((name) => [name, text])),
    ...Object.fromEntries(numberColumns.map((name) => [name, number])),
    created: when,
  }
  const always = { type: text, start: when, end: when }
  return fc.subarray(Object.keys(optional)).chain((columns) => {
    const model = { ...Object.fromEntries(Object.entries(optional).filter(([name]) => columns.includes(name))), ...always }
    return fc.array(fc.record(model, { requiredKeys: ['type', 'start', 'end'] }), { minLength: 1, maxLength })
  })
}

test.each([
  ['of one day', withinADay],
  ['from 1970 to 2100', anywhere],
  ['that are equal', fc.constant(midnight)],
])('samples with instants %s come back as they were', async (_, when) => {
  await fc.assert(
    fc.asyncProperty(samplesWith(when, 60), async (samples) => {
      expect(await readBack(samples)).toEqual(samples)
    }),
    { numRuns: 100 },
  )
})

test('a hundred thousand samples with many different words come back as they were', async () => {
  const rows = 100_000
  const samples = Array.from(
    { length: rows },
    (_, k): Sample => ({
      type: k < rows / 2 ? 'HKQuantityTypeIdentifierHeartRate' : 'HKQuantityTypeIdentifierStepCount',
      start: midnight + (k % 50_000) * 1700.001,
      end: midnight + (k % 50_000) * 1700.001 + 250,
      value: k % 7 === 0 ? Math.sqrt(k) : k % 180,
      ...(k % 3 === 0 && { raw_value: k / 3 }),
      ...(k % 5 !== 0 && { metadata: `{"id":"${k}"}` }),
      ...(k > 99_000 && { flags: 'manual' }),
    }),
  )
  const table = tableOf(samples)
  const back = await readSamples(writeSamples(table))
  expect(back.rows).toBe(rows)
  for (const name of wordColumns) expect(back.words[name], name).toEqual(table.words[name])
  expect(differing(table.numbers.value, back.numbers.value)).toBe(0)
  expect(differing(table.numbers.raw_value, back.numbers.raw_value)).toBe(0)
  expect(
    differing(
      table.instants.start.map((ms) => Math.round(ms * 1000) / 1000),
      back.instants.start,
    ),
  ).toBe(0)
  expect(
    differing(
      table.instants.end.map((ms) => Math.round(ms * 1000) / 1000),
      back.instants.end,
    ),
  ).toBe(0)
})

function differing(a: Float64Array, b: Float64Array): number {
  return a.reduce((count, value, row) => count + (Object.is(value, b[row]) ? 0 : 1), Math.abs(a.length - b.length))
}

test('numbers keep the sign of zero and infinity, and NaN is none', async () => {
  const values = [-0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324, 0.1 + 0.2]
  const back = await readSamples(writeSamples(tableOf(values.map((value) => ({ ...beat, value })))))
  expect([...back.numbers.value]).toEqual(values)
  const repeated = await readSamples(writeSamples(tableOf([...values, ...values, ...values].map((value) => ({ ...beat, value })))))
  expect([...repeated.numbers.value]).toEqual([...values, ...values, ...values])
})

test('a reading has no end in the file, and what is finer than a millisecond stands beside the instants', async () => {
  const bytes = writeSamples(
    tableOf([beat, { ...beat, start: midnight + 0.25 }, { ...beat, start: midnight + 1.5, end: midnight + 2.007 }]),
  )
  expect(await parquetReadObjects({ file: bytes.buffer, columns: ['start', 'end', 'micros'] })).toEqual([
    { start: new Date(midnight), end: null, micros: null },
    { start: new Date(midnight), end: new Date(midnight), micros: 250 },
    { start: new Date(midnight + 1), end: new Date(midnight + 2), micros: 7500 },
  ])
})

test('instants keep microseconds, and what is finer is rounded', async () => {
  const [first, second] = await readBack([
    { ...beat, start: midnight + 0.001 },
    { ...beat, start: midnight + 0.00025 },
  ])
  expect(first?.start).toBe(midnight + 0.001)
  expect(second?.start).toBe(midnight)
})

test('half a surrogate pair becomes the replacement character', async () => {
  expect((await readBack([{ ...beat, text: 'a\ud83d' }]))[0]?.text).toBe('a\ufffd')
})

test('instants of two centuries in one column are kept', async () => {
  const years = [1900, 2200, 1900, 1970, 2199]
  const samples = years.map((year) => ({ ...beat, start: Date.UTC(year, 0, 1), end: Date.UTC(year, 0, 2) }))
  expect(await readBack(samples)).toEqual(samples)
})

test('a session without samples is refused', () => {
  expect(() => writeSamples(tableOf([]))).toThrow(RangeError)
})

test.each([
  ['no type', { start: midnight, end: midnight }],
  ['no start', { type: 'a', end: midnight }],
  ['no end', { type: 'a', start: midnight }],
  ['an endless start', { ...beat, start: Number.POSITIVE_INFINITY }],
  ['a start beyond the year 2255', { ...beat, start: Date.UTC(2300, 0, 1) }],
])('a sample with %s is refused, and the next session is whole', async (_, sample) => {
  expect(() => writeSamples(tableOf([beat, sample]))).toThrow(RangeError)
  expect(await readBack([beat])).toEqual([beat])
})

test('any reader finds names, types and time zones in the file', async () => {
  const bytes = writeSamples(tableOf([beat]))
  const { schema, row_groups, num_rows } = parquetMetadata(bytes.buffer)
  const told = schema.slice(1).map(({ name, type, repetition_type, logical_type }) => [name, type, repetition_type, logical_type?.type])
  const always = ['date', 'source', 'type', 'start']
  const need = (name: string) => (always.includes(name) ? 'REQUIRED' : 'OPTIONAL')
  expect(told).toEqual([
    ['date', 'INT32', 'REQUIRED', 'DATE'],
    ['source', 'BYTE_ARRAY', 'REQUIRED', 'STRING'],
    ...wordColumns.map((name) => [name, 'BYTE_ARRAY', need(name), 'STRING']),
    ...instantColumns.map((name) => [name, 'INT64', need(name), 'TIMESTAMP']),
    ['micros', 'INT32', 'OPTIONAL', undefined],
    ...numberColumns.map((name) => [name, 'DOUBLE', 'OPTIONAL', undefined]),
  ])
  expect(schema.find(({ name }) => name === 'start')?.logical_type).toMatchObject({ isAdjustedToUTC: true, unit: 'MILLIS' })
  expect([row_groups.length, Number(num_rows)]).toEqual([1, 1])
  expect(await parquetReadObjects({ file: bytes.buffer })).toMatchObject([
    {
      date: new Date(midnight),
      source: 'watch_1a2b',
      metric: 'heart_rate',
      start: new Date(midnight),
      end: null,
      created: null,
      micros: null,
      value: 61.5,
    },
  ])
})

test('all session files have one schema, whatever is empty in them', () => {
  const full: Sample = { ...beat, created: midnight, raw_value: 1, ...Object.fromEntries(wordColumns.map((name) => [name, 'x'])) }
  const schemaOf = (samples: readonly Sample[]) => parquetMetadata(writeSamples(tableOf(samples)).buffer).schema
  expect(schemaOf([beat])).toEqual(schemaOf(Array(100).fill(full)))
})

// Four columns by pyarrow 26.0.1, snappy: type, start, end, value of two heart rates, the second without a value, and one count of steps.
const foreign =
  'UEFSMRUEFSwVMEwVBBUAEgAAFlQJAAAASGVhcnRSYXRlBQAAAFN0ZXBzFQAVEhUWLBUGFRAVBhUGHAAAAAkgAgAAAAYBAQMEFQQVMBU0TBUGFQASAAAYXABgwybrSwYAOqwPJ+tLBgAA51Yq60sGABUAFRQVGCwVBhUQFQYVBhwAAAAKJAIAAAAGAQIDJAAVBBUwFTRMFQYVABIAABhcAGDDJutLBgA6rA8n60sGAABu6i3rSwYAFQAVFBUYLBUGFRAVBhUGHAAAAAokAgAAAAYBAgMkABUEFSAVJEwVBBUAEgAAEDwAAAAAAMBOQAAAAAAAAChAFQAVEhUWLBUGFRAVBhUGHAAAAAkgAgAAAAMFAQMCFQQZXDUAGAZzY2hlbWEVCAAVDCUCGAR0eXBlJQBMHAAAABUEJQIYBXN0YXJ0JRRMjBEcLAAAAAAAFQQlAhgDZW5kJRRMjBEcLAAAAAAAFQolAhgFdmFsdWUAFgYZHBlMJgAcFQwZNQAGEBkYBHR5cGUVAhYGFoABFogBJlQmCCksFQQVABUCABUAFRAVAgA8Fi4ZBhkmAAYAAAAmABwVBBk1AAYQGRgFc3RhcnQVAhYGFoYBFo4BJuABJpABKSwVBBUAFQIAFQAVEBUCADwpBhkmAAYAAAAmABwVBBk1AAYQGRgDZW5kFQIWBhaGARaOASbuAiaeAiksFQQVABUCABUAFRAVAgA8KQYZJgAGAAAAJgAcFQoZNQAGEBkYBXZhbHVlFQIWBhZ0Fnwm7AMmrAMpLBUEFQAVAgAVABUQFQIAPCkGGSYCBAAAABaABBYGJggWoAQAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRlMHAAAHAAAHAAAHAAAAIcBAABQQVIx'

test('a file of another writer is read, and columns that it lacks are empty', async () => {
  const second = midnight + 5000.25
  expect(samplesOf(await readSamples(new Uint8Array(Buffer.from(foreign, 'base64'))))).toEqual([
    { type: 'HeartRate', start: midnight, end: midnight, value: 61.5 },
    { type: 'HeartRate', start: second, end: second },
    { type: 'Steps', start: midnight + 60_000, end: midnight + 120_000, value: 12 },
  ])
})

test('a file of another writer is none for our own decoder, nor is one that is cut short', () => {
  expect(decodeSamples(new Uint8Array(Buffer.from(foreign, 'base64')))).toBeUndefined()
  const bytes = writeSamples(tableOf([beat]))
  for (let length = 0; length < bytes.length; length += 1) expect(decodeSamples(bytes.subarray(0, length))).toBeUndefined()
})

test('a flipped bit gives other samples or a RangeError, and always an end', () => {
  const bytes = writeSamples(tableOf(Array.from({ length: 40 }, (_, n) => ({ ...beat, start: midnight + n * 5000 + (n % 7), value: n }))))
  const footerAt = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true)
  for (let bit = 32; bit < footerAt * 8; bit += 1) {
    const flipped = bytes.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
    try {
      expect(decodeSamples(flipped)?.rows).toBe(40)
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
    }
  }
})

test('of the columns only those that are wanted are read', async () => {
  const table: SampleTable = await readSamples(writeSamples(tableOf([beat, beat])), ['metric', 'value'])
  expect(samplesOf(table)).toEqual(Array(2).fill({ metric: 'heart_rate', value: 61.5 }))
})
