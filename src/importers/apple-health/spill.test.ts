import { expect, test } from 'vitest'
import { memoryFile } from '../../../test/fixtures/memory-file.ts'
import { buckets } from './buckets.ts'
import { heapOver } from './heap.ts'
import { addRow, rowWriter } from './row-writer.ts'
import { newRows, ROW_DOUBLES } from './rows.ts'
import { SPAN_DAYS, spillOver } from './spill.ts'
import { vocabularyOver } from './vocabulary.ts'

const DAY_MS = 86_400_000
const utc = [{ fromMs: 0, zone: 'UTC' }]

/** Rows that start at these instants, numbered by their values, through blocks of 4,096. */
function spilled(starts: readonly number[], source: (row: number) => string = () => 'Watch') {
  const vocabulary = vocabularyOver(heapOver(memoryFile()))
  const spill = spillOver(memoryFile())
  const block = newRows(4096)
  const rows = rowWriter(block, (count) => spill.add(block, count))
  const kind = vocabulary.kindNamed('HKQuantityTypeIdentifierStepCount', 'count')
  starts.forEach((ms, row) => {
    addRow(rows, ms, ms, row, Number.NaN, 0, kind, vocabulary.originNamed(source(row), null, null), vocabulary.place(0, -1), 0)
  })
  rows.flush()
  return { spill, vocabulary }
}

function filed({ spill }: ReturnType<typeof spilled>): { span: number; ms: number; row: number }[] {
  return spill.spans().flatMap((span) => {
    const rows = newRows(spill.count(span))
    spill.read(span, rows, 0)
    return Array.from({ length: rows.capacity }, (_, k) => ({
      span,
      ms: rows.doubles[k * ROW_DOUBLES] as number,
      row: rows.doubles[k * ROW_DOUBLES + 2] as number,
    }))
  })
}

const noise = (row: number) => Math.imul(row + 1, 0x9e3779b1) >>> 0

test.each([
  ['day by day', (row: number) => Math.floor(row / 50) * DAY_MS + (row % 50) * 1000],
  ['day by day, within two of UTC in any order', (row: number) => (Math.floor(row / 50) + (noise(row) % 1500) / 1000) * DAY_MS],
  ['in no order at all', (row: number) => (noise(row) % 1000) * DAY_MS + row],
  ['backwards, before 1970', (row: number) => -row * 3_600_000],
])('rows %s are each read once, with their own span of days or the one before', (_, at) => {
  const starts = Array.from({ length: 10_000 }, (_, row) => Math.round(at(row)))
  const found = filed(spilled(starts))
  expect(found.filter(({ span, ms }) => ms < span * SPAN_DAYS * DAY_MS || ms >= (span + 2) * SPAN_DAYS * DAY_MS)).toEqual([])
  expect(found.toSorted((a, b) => a.row - b.row).map(({ ms }) => ms)).toEqual(starts)
})

test('rows stay with their source and date while their days move through the window', () => {
  // Days of 30,000 rows: the window holds two, and a date that waits for later rows moves with it.
  const starts = Array.from({ length: 150_000 }, (_, row) => Math.floor(row / 30_000) * DAY_MS + (noise(row) % DAY_MS))
  const { spill, vocabulary } = spilled(starts, (row) => (row % 3 === 0 ? 'Watch' : 'Phone'))
  const found: string[] = []
  const seen = new Set<number>()
  for (const { localDate, source, rows, index, count } of buckets(spill, vocabulary, utc)) {
    found.push(`${localDate} ${source.name} ${count}`)
    for (let k = 0; k < count; k++) {
      const row = rows.doubles[(index[k] as number) * ROW_DOUBLES + 2] as number
      const isHere = new Date(starts[row] as number).toISOString().startsWith(localDate) && (row % 3 === 0) === (source.name === 'Watch')
      if (isHere) seen.add(row)
    }
  }
  expect(found.toSorted()).toEqual([1, 2, 3, 4, 5].flatMap((day) => [`1970-01-0${day} Phone 20000`, `1970-01-0${day} Watch 10000`]))
  expect(seen.size).toBe(150_000)
})

test('rows of one source that follow each other are cut where the local date changes', () => {
  const losAngeles = [{ fromMs: 0, zone: 'America/Los_Angeles' }]
  // Every hour of ten days of UTC: with the winter of 1970 eight hours behind.
  const { spill, vocabulary } = spilled(Array.from({ length: 240 }, (_, row) => row * 3_600_000))
  const found = [...buckets(spill, vocabulary, losAngeles)].map(({ localDate, count }) => `${localDate} ${count}`)
  const whole = Array.from({ length: 9 }, (_, day) => `1970-01-0${day + 1} 24`)
  expect(found).toEqual(['1969-12-31 8', ...whole, '1970-01-10 16'])
})
