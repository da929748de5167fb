import { expect, test } from 'vitest'
import { countSet, countTouched, spreadOverMinutes, touchedMinutes, windowMeans } from './minute-grid.ts'

const minute = 60_000
const samples = (...rows: [startMinute: number, endMinute: number, value: number][]) => ({
  startMs: Float64Array.from(rows, ([start]) => start * minute),
  endMs: Float64Array.from(rows, ([, end]) => end * minute),
  value: Float64Array.from(rows, ([, , value]) => value),
})
const grid = { fromMs: 0, minutes: 6 }

test('a sample touches the minutes it lies in, an instant its own', () => {
  expect([...touchedMinutes([samples([1, 3, 5], [5, 5, 5])], grid)]).toEqual([0, 1, 1, 0, 0, 1])
  expect([...touchedMinutes([samples([0.5, 1.5, 5])], grid)]).toEqual([1, 1, 0, 0, 0, 0])
})

test('samples of zero do not count as movement, and reach widens the others on both sides', () => {
  expect([...touchedMinutes([samples([1, 2, 0], [3, 4, 7])], grid, { reachMs: minute, above: 0 })]).toEqual([0, 0, 1, 1, 1, 0])
})

test('samples outside the grid touch nothing, those over its edge only the inside', () => {
  expect(countSet(touchedMinutes([samples([-5, -1, 1], [-2, 1, 1], [7, 9, 1])], grid))).toBe(1)
})

test('minutes that several blocks touch are counted once, beside those that were set before', () => {
  const blocks = [samples([0, 2, 1], [1, 4, 1]), samples([3, 5, 1])]
  expect(countTouched(blocks, grid)).toBe(5)
  expect(countTouched([samples([2, 2, 1])], grid)).toBe(1)
  expect([...touchedMinutes([samples([3, 5, 1])], grid, {}, Uint8Array.of(1, 0, 0, 1, 0, 0))]).toEqual([1, 0, 0, 1, 1, 0])
})

test('a value is spread by time over its minutes', () => {
  expect([...spreadOverMinutes(samples([-1, 1, 20], [2.5, 4, 30], [5, 5, 3]), grid)]).toEqual([10, 0, 10, 20, 0, 3])
})

test('window means skip empty windows', () => {
  expect([...windowMeans(samples([0, 0, 50], [0.5, 0.5, 70], [4, 4, 80]), grid, 2)]).toEqual([60, Number.NaN, 80])
})
