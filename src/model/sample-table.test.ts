import { expect, test } from 'vitest'
import { encodeSamples } from '../columns/parquet-writer.ts'
import { hasNumber, isWithout, makeTable, noNumbers, noWords, type SampleTable } from './sample-table.ts'

const label = { date: '2026-01-04', source: 'watch' }

/** Heart rates of a session, its empty columns made in one way or the other. */
function tableWith(rows: number, none: { readonly numbers: (rows: number) => Float64Array; readonly words: typeof noWords }): SampleTable {
  const start = Float64Array.from({ length: rows }, (_, at) => Date.UTC(2026, 0, 4) + at * 5000)
  const value = Float64Array.from({ length: rows }, (_, at) => 60 + (at % 7))
  const one = (word: string) => ({ codes: new Int32Array(rows), words: [word] })
  const said = { metric: one('heart_rate'), type: one('heart_rate'), unit: one('/min') }
  return makeTable(rows, {
    words: (name) => (name in said ? said[name as keyof typeof said] : none.words(rows)),
    instants: (name) => (name === 'created' ? none.numbers(rows) : start),
    numbers: (name) => (name === 'value' ? value : none.numbers(rows)),
  })
}

test('a file of columns that were made once is the same bytes as one of columns of its own', () => {
  const own = {
    numbers: (rows: number) => new Float64Array(rows).fill(Number.NaN),
    words: (rows: number) => ({ codes: new Int32Array(rows).fill(-1), words: [] }),
  }
  for (const rows of [1, 2, 1000, 1000, 9000, 3]) {
    const expected = encodeSamples(tableWith(rows, own), label).bytes.slice()
    expect(encodeSamples(tableWith(rows, { numbers: noNumbers, words: noWords }), label).bytes).toEqual(expected)
  }
})

test('a column without any number is known by what it is made of, others by their rows', () => {
  expect([isWithout(noNumbers(10)), hasNumber(noNumbers(10)), noNumbers(10).length]).toEqual([true, false, 10])
  const other = new Float64Array(10).fill(Number.NaN)
  expect([isWithout(other), hasNumber(other)]).toEqual([false, false])
  other[9] = 0
  expect(hasNumber(other)).toBe(true)
})

test('columns longer than any before are empty too', () => {
  const [numbers, words] = [noNumbers(100_000), noWords(100_000)]
  expect(numbers.every(Number.isNaN)).toBe(true)
  expect([words.words, words.codes.every((code) => code === -1)]).toEqual([[], true])
})
