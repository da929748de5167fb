import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mannKendall } from './mann-kendall.ts'
import { twoSidedTail } from './normal.ts'

function ordersOf(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]]
  return values.flatMap((value, at) => ordersOf(values.toSpliced(at, 1)).map((rest) => [value, ...rest]))
}

test('p of few values is the share of all their orders that are as extreme, ties included', () => {
  const few = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(few, (values) => {
      const { s, p } = mannKendall(values)
      const all = ordersOf(values).map((order) => Math.abs(mannKendall(order).s))
      expect(p).toBeCloseTo(all.filter((other) => other >= Math.abs(s)).length / all.length, 12)
    }),
    { numRuns: 40 },
  )
})

test('seven rising values have p = 2 of 5,040 orders', () => {
  expect(mannKendall([1, 2, 3, 4, 5, 6, 7]).p).toBeCloseTo(2 / 5040, 15)
})

test('what says nothing has p 1, and a single value none', () => {
  expect(mannKendall([3, 3, 3, 3]).p).toBe(1)
  expect(mannKendall(Array.from({ length: 20 }, () => 3)).p).toBe(1)
  expect(mannKendall([3]).p).toBeNaN()
})

test.each([
  // Abramowitz & Stegun 1964, table 26.1 and 26.2: 2·Q(z).
  [0, 1],
  [1, 0.31731050786291415],
  [1.959963984540054, 0.05],
  [2.5758293035489004, 0.01],
  [5, 5.733031437583866e-7],
  [10, 1.523970604832094e-23],
])('beyond %d deviations lie %d of the normal distribution', (z, tail) => {
  expect(twoSidedTail(z) / tail).toBeCloseTo(1, 11)
})
