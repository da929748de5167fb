import { expect, test } from 'vitest'
import { ranksOf } from './ranks.ts'

test('each value has its place among all, equals share the middle of theirs, and gaps stay gaps', () => {
  expect([...ranksOf(Float64Array.of(30, 10, Number.NaN, 20, 20))]).toEqual([7 / 8, 1 / 8, Number.NaN, 1 / 2, 1 / 2])
  expect([...ranksOf(new Float64Array(0))]).toEqual([])
})
