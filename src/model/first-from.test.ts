import { expect, test } from 'vitest'
import { firstFrom } from './first-from.ts'

test.each([
  [[], 1],
  [[1, 2, 2, 2, 5], 0],
  [[1, 2, 2, 2, 5], 2],
  [[1, 2, 2, 2, 5], 3],
  [[1, 2, 2, 2, 5], 6],
])('of %j the first from %i is where a look at each finds it', (numbers, from) => {
  const found = numbers.findIndex((each) => each >= from)
  expect(firstFrom(Float64Array.from(numbers), from)).toBe(found < 0 ? numbers.length : found)
})

test('dates ascend as texts', () => {
  expect(firstFrom(['2024-01-09', '2024-01-31', '2024-02-01'], '2024-01-10')).toBe(1)
})
