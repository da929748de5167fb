import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coveredMs, coverOf, coversInstant, emptyCover, joinCovers, lengthMs } from './cover.ts'

const cover = (...pairs: [number, number][]) =>
  coverOf({ startMs: Float64Array.from(pairs, ([start]) => start), endMs: Float64Array.from(pairs, ([, end]) => end) })

test('overlapping and touching stretches become one', () => {
  const union = cover([0, 10], [5, 20], [20, 30], [40, 50])
  expect([...union.startMs]).toEqual([0, 40])
  expect([...union.endMs]).toEqual([30, 50])
  expect(lengthMs(union)).toBe(40)
  expect(coveredMs(union, 25, 45)).toBe(10)
})

test('an instant covers its own moment and no length', () => {
  const union = cover([0, 10], [10, 10], [12, 12])
  expect(lengthMs(union)).toBe(10)
  expect([9, 10, 11, 12].map((at) => coversInstant(union, at))).toEqual([true, true, false, true])
})

test('an empty cover covers nothing', () => {
  expect(lengthMs(emptyCover)).toBe(0)
  expect(coversInstant(emptyCover, 0)).toBe(false)
})

test('two covers joined cover what either covers', () => {
  const stretch = fc.tuple(fc.nat(60), fc.nat(9)).map(([start, length]): [number, number] => [start, start + length])
  const stretches = fc.array(stretch, { maxLength: 12 }).map((pairs) => pairs.sort((a, b) => a[0] - b[0]))
  fc.assert(
    fc.property(stretches, stretches, (a, b) => {
      const joined = joinCovers(cover(...a), cover(...b))
      for (let at = 0; at < 70; at++) {
        const inside = [...a, ...b].some(([start, end]) => start <= at && at < end)
        expect(coveredMs(joined, at, at + 1)).toBe(inside ? 1 : 0)
      }
    }),
  )
})
