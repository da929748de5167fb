import { expect, test } from 'vitest'
import { changePoints } from './change-points.ts'

const options = { least: 7, alpha: 0.01, shift: 2 }
/** The same dice each time: a linear congruential generator of Knuth's. */
function noise(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 11n) / 2 ** 53
  }
}

/** Sums of three dice: deviations of about `spread`. */
function levels(seed: number, spread: number, ...parts: readonly (readonly [count: number, level: number])[]): Float64Array {
  const next = noise(seed)
  const values = parts.flatMap(([count, level]) =>
    Array.from({ length: count }, () => level + spread * 2 * (next() + next() + next() - 1.5)),
  )
  return Float64Array.from(values)
}

test('a level shift is found where it is, with both levels', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const found = changePoints(levels(seed, 1.5, [40, 60], [30, 65]), options)
    expect(found).toHaveLength(1)
    expect(Math.abs((found[0]?.at ?? 0) - 40)).toBeLessThanOrEqual(1)
    expect(Math.abs((found[0]?.before ?? 0) - 60)).toBeLessThan(1)
    expect(Math.abs((found[0]?.after ?? 0) - 65)).toBeLessThan(1)
  }
})

test('two shifts are two, each against the stretch between them', () => {
  const found = changePoints(levels(4, 1, [40, 60], [40, 66], [40, 61]), options)
  expect(found.map(({ at }) => at)).toEqual([40, 80])
  expect(found.map(({ after }) => Math.round(after))).toEqual([66, 61])
})

test('a level that stays has no change, nor one odd value, nor a shift too small to matter', () => {
  let false_ = 0
  for (let seed = 1; seed <= 200; seed++) false_ += changePoints(levels(seed, 1.5, [70, 60]), options).length > 0 ? 1 : 0
  // Alpha is 0.01: of 200 series 2 are to be expected, fewer where the shift must matter too.
  expect(false_).toBeLessThanOrEqual(4)
  expect(changePoints(levels(9, 1, [30, 60], [1, 180], [30, 60]), options)).toEqual([])
  expect(changePoints(levels(9, 0.2, [40, 60], [40, 61]), options)).toEqual([])
  expect(changePoints(new Float64Array(40).fill(60), options)).toEqual([])
})

test('a stretch is never shorter than asked for', () => {
  expect(changePoints(levels(3, 0.5, [4, 60], [60, 80]), options).every(({ at }) => at >= 7)).toBe(true)
  expect(changePoints(levels(3, 0.5, [6, 60], [6, 80]), options)).toEqual([])
})
