import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { type Sample, samplesOf, tableOf } from '../../test/fixtures/sample-tables.ts'
import { newPack, type Pack, type Part } from './pack.ts'
import { readSamples } from './parquet-reader.ts'
import { encodeSamples } from './parquet-writer.ts'

const midnight = Date.UTC(2026, 2, 1)
const beats = (...values: number[]): Sample[] =>
  values.map((value, n) => ({ metric: 'heart_rate', type: 'HeartRate', start: midnight + n * 5000, end: midnight + n * 5000, value }))
const night = { date: '2026-03-01', source: 'watch' }
const walk = { date: '2026-03-02', source: 'phone' }

const partOf = (bytes: Uint8Array, { offset, length }: Part) => bytes.slice(offset, offset + length) as Uint8Array<ArrayBuffer>

function twoSessions(): { pack: Pack; bytes: Uint8Array<ArrayBuffer>; parts: Part[] } {
  const pack = newPack()
  const parts = [pack.add(tableOf(beats(61, 62.5)), night), pack.add(tableOf(beats(110)), walk)]
  return { pack, bytes: pack.finish().slice() as Uint8Array<ArrayBuffer>, parts }
}

test('each part of a pack is the file that its session would be alone', async () => {
  const { bytes, parts } = twoSessions()
  const [first, second] = parts.map((part) => partOf(bytes, part))
  expect(first).toEqual(encodeSamples(tableOf(beats(61, 62.5)), night).bytes.slice())
  expect(second).toEqual(encodeSamples(tableOf(beats(110)), walk).bytes.slice())
  expect(samplesOf(await readSamples(second as Uint8Array<ArrayBuffer>))).toEqual(beats(110))
})

test('a reader that knows nothing of parts finds all rows, a row group for each session', async () => {
  const { bytes } = twoSessions()
  expect(parquetMetadata(bytes.buffer).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([2, 1])
  expect(await parquetReadObjects({ file: bytes.buffer, columns: ['date', 'source', 'start', 'value'] })).toEqual([
    { date: new Date(night.date), source: 'watch', start: new Date(midnight), value: 61 },
    { date: new Date(night.date), source: 'watch', start: new Date(midnight + 5000), value: 62.5 },
    { date: new Date(walk.date), source: 'phone', start: new Date(midnight), value: 110 },
  ])
})

test('a pack of a single session is that session’s file', () => {
  const pack = newPack()
  const part = pack.add(tableOf(beats(61)), night)
  expect(part).toMatchObject({ offset: 0, rows: 1 })
  expect(pack.finish().length).toBe(part.length)
})

test('parts that are moved make the pack that adding them would have made', async () => {
  const { pack, bytes, parts } = twoSessions()
  pack.clear()
  expect([pack.size, pack.bytes]).toEqual([0, 0])
  for (const part of parts) expect(await pack.move(partOf(bytes, part))).toEqual(part)
  expect(pack.finish().slice()).toEqual(bytes)
})

test('a session that cannot be encoded adds nothing', () => {
  const { pack, bytes } = twoSessions()
  const size = pack.bytes
  expect(() => pack.add(tableOf([]), walk)).toThrow(RangeError)
  expect([pack.size, pack.bytes]).toEqual([2, size])
  expect(bytes.length).toBe(size)
})

test('more sessions than a short list holds are all found', async () => {
  const pack = newPack()
  for (let n = 1; n <= 40; n += 1) pack.add(tableOf(beats(n)), { date: '2026-03-01', source: `s${n}` })
  const { buffer } = pack.finish().slice()
  const rows = await parquetReadObjects({ file: buffer as ArrayBuffer, columns: ['source', 'value'] })
  expect(rows).toEqual(Array.from({ length: 40 }, (_, n) => ({ source: `s${n + 1}`, value: n + 1 })))
})
