import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ordered, ranksOf } from './ranks.ts'

test('each value has its place among all, equals share the middle of theirs, and gaps stay gaps', () => {
  expect([...ranksOf(Float64Array.of(30, 10, Number.NaN, 20, 20))]).toEqual([7 / 8, 1 / 8, Number.NaN, 1 / 2, 1 / 2])
  expect([...ranksOf(new Float64Array(0))]).toEqual([])
})

test('the smallest numbers that there are have their places too', () => {
  expect([...ordered(Float64Array.of(0, -Number.MIN_VALUE, 0)).sorted]).toEqual([-Number.MIN_VALUE, 0, 0])
})

/** By the definition alone. */
function slowRanks(values: readonly number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value))
  return values.map((value) => {
    if (Number.isNaN(value)) return value
    const below = known.filter((other) => other < value).length
    const equal = known.filter((other) => other === value).length
    return (2 * below + equal) / (2 * known.length)
  })
}

// Far apart, many of one value, with gaps, and nearly all in one place, where buckets are of no use.
const finite = fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e12, max: 1e12 })
const values = fc.oneof(
  fc.array(finite),
  fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN))),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 100, maxLength: 300 }).map((close) => [...close, 1e9]),
)

test('whatever the values are, that is so, and the places lead back to them', () => {
  fc.assert(
    fc.property(values, (given) => {
      const own = Float64Array.from(given)
      const { sorted, order } = ordered(own)
      const plain = given.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
      expect([...sorted].map((value) => value + 0)).toEqual(plain.map((value) => value + 0))
      expect(new Set(order).size).toBe(sorted.length)
      expect(Float64Array.from(order, (place) => own[place] as number)).toEqual(sorted)
      expect([...ranksOf(own)]).toEqual(slowRanks(given))
    }),
    { numRuns: 300 },
  )
})
