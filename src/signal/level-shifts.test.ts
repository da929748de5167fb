import { expect, test } from 'vitest'
import { levelShifts } from './level-shifts.ts'

const options = { least: 7, most: 90, alpha: 0.001, shift: () => 2 }

/** The same dice each time: Knuth's linear congruential generator. */
function dice(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 11n) / 2 ** 53
  }
}

/** Sums of three dice: a standard deviation of `spread`. */
function levels(seed: number, spread: number, ...parts: readonly (readonly [count: number, level: number])[]): Float64Array {
  const next = dice(seed)
  return Float64Array.from(
    parts.flatMap(([count, level]) => Array.from({ length: count }, () => level + spread * 2 * (next() + next() + next() - 1.5))),
  )
}

test('a level shift is found where it is, with both levels, within a fortnight', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const found = levelShifts(levels(seed, 1.5, [40, 60], [30, 65]), options)
    expect(found).toHaveLength(1)
    const [{ at, seenAt, before, after } = { at: 0, seenAt: 0, before: 0, after: 0 }] = found
    expect(Math.abs(at - 40)).toBeLessThanOrEqual(2)
    expect(seenAt).toBeLessThan(54)
    expect(Math.abs(before - 60)).toBeLessThan(1)
    expect(Math.abs(after - 65)).toBeLessThan(2)
  }
})

test('two shifts are two, each against the level between them', () => {
  const found = levelShifts(levels(4, 1, [40, 60], [40, 66], [40, 61]), options)
  expect(found.map(({ at }) => at)).toEqual([40, 80])
  expect(found.map(({ before, after }) => [Math.round(before), Math.round(after)])).toEqual([
    [60, 66],
    [66, 61],
  ])
})

test('what was seen stays as it was, whatever comes after', () => {
  const values = levels(5, 1.5, [40, 60], [30, 64], [50, 59])
  const all = levelShifts(values, options)
  for (let end = 14; end <= values.length; end++)
    expect(levelShifts(values.subarray(0, end), options)).toEqual(all.filter(({ seenAt }) => seenAt < end))
})

test('a level that stays has no change, nor one odd value, nor a shift too small to matter', () => {
  const steady = Array.from({ length: 100 }, (_, seed) => levelShifts(levels(seed + 1, 1.5, [365, 60]), options))
  expect(steady.filter((found) => found.length > 0).length).toBeLessThanOrEqual(2)
  expect(levelShifts(levels(9, 1, [30, 60], [1, 180], [30, 60]), options)).toEqual([])
  expect(levelShifts(levels(9, 0.2, [40, 60], [40, 61]), options)).toEqual([])
  expect(levelShifts(new Float64Array(40).fill(60), options)).toEqual([])
})

test('a level is never shorter than asked for', () => {
  expect(levelShifts(levels(3, 0.5, [4, 60], [60, 80]), options).every(({ at }) => at >= 7)).toBe(true)
  expect(levelShifts(levels(3, 0.5, [6, 60], [7, 80]), options)).toEqual([])
})
