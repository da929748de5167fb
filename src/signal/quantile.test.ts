import { expect, test } from 'vitest'
import { quantile, quantileOfSorted } from './statistics.ts'

test('quantiles are those of R, type 7', () => {
  // R: quantile(c(1, 2, 4, 8, 16), c(0, 0.1, 0.25, 0.5, 0.9, 1)) gives 1.0 1.4 2.0 4.0 12.8 16.0.
  const values = [1, 2, 4, 8, 16]
  const shares = [0, 0.1, 0.25, 0.5, 0.9, 1]
  expect(shares.map((share) => quantileOfSorted(values, share))).toEqual([1, 1.4, 2, 4, expect.closeTo(12.8, 12), 16])
  expect(quantile([16, Number.NaN, 1, 8, 2, 4], 0.25)).toBe(2)
  expect(quantile([], 0.5)).toBeNaN()
})
