import { expect, test } from 'vitest'
import { slidingQuantiles } from './sliding-quantiles.ts'
import { mean, median, medianDeviation, medianSpread, quantile } from './statistics.ts'

test('mean and median skip gaps and are NaN of nothing', () => {
  expect(mean([1, Number.NaN, 3])).toBe(2)
  expect(median([9, Number.NaN, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(mean([])).toBeNaN()
  expect(median([Number.NaN])).toBeNaN()
})

test('the median deviation is not moved by one outlier', () => {
  // |x − 3| of 1 2 3 4 100 is 2 1 0 1 97: the median is 1.
  expect(medianDeviation([1, 2, 3, 4, 100])).toBe(1)
})

test('the deviation is the median of the distances, however many values there are and wherever they lie', () => {
  let state = 1
  const chance = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  for (let size = 1; size <= 100; size++) {
    const values = Array.from({ length: size }, () => (chance() < 0.1 ? Number.NaN : Math.round(20 * chance() ** 3)))
    const middle = median(values)
    expect(medianSpread(values)).toEqual({ median: middle, deviation: median(values.map((value) => Math.abs(value - middle))) })
  }
  expect(medianSpread([])).toEqual({ median: Number.NaN, deviation: Number.NaN })
})

test('a quantile lies between its neighbours as R’s default puts it', () => {
  // quantile(c(1, 2, 4, 8), c(.25, .5, .9)) is 1.75, 3, 6.8.
  expect([0.25, 0.5, 0.9].map((p) => quantile([8, 1, Number.NaN, 4, 2], p).toFixed(9))).toEqual([
    '1.750000000',
    '3.000000000',
    '6.800000000',
  ])
  expect(quantile([], 0.5)).toBeNaN()
})

test('a sliding quantile is the quantile of each window', () => {
  const values = Float64Array.of(3, 9, 1, 1, 7, 2, 8, 5)
  const [low, middle] = slidingQuantiles(values, 5, [0.25, 0.5])
  const windows = [...values.keys()].map((i) => values.subarray(Math.max(0, i - 2), i + 3))
  expect([...(middle ?? [])]).toEqual(windows.map(median))
  expect([...(low ?? [])]).toEqual(windows.map((window) => quantile(window, 0.25)))
})
