import { expect, test } from 'vitest'
import { meansAround, runningSums, windowMeansOf } from './window-means.ts'

const { NaN: gap } = Number

test('means over a window skip gaps, are cut at the ends, and are gaps of nothing', () => {
  const sums = runningSums([1, gap, 3, 5, gap, gap, gap])
  expect([...meansAround(sums, 1)]).toEqual([1, 2, 4, 4, 5, gap, gap])
  expect([...windowMeansOf(sums, 1, 2)]).toEqual([3, 4, 5, gap, gap, gap, gap])
  expect([...windowMeansOf(sums, -2, -1)]).toEqual([gap, 1, 1, 3, 4, 5, gap])
})

test('a stride takes the mean of each block', () => {
  expect([...windowMeansOf(runningSums([1, 2, 3, 4, 5, 6, 7]), 0, 2, 3)]).toEqual([2, 5, 7])
})
