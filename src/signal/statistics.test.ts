import { expect, test } from 'vitest'
import { mean, median, medianDeviation } from './statistics.ts'

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
