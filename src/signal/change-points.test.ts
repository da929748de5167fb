import { expect, test } from 'vitest'
import { changePoints } from './change-points.ts'

/** Noise that repeats and is not normal: −2 … 2. */
const noise = [0, 2, -1, 1, -2, 1, 0, -1, 2, -2, 1]
function level(...parts: [length: number, value: number][]): Float64Array {
  return Float64Array.from(
    parts.flatMap(([length, value]) => Array<number>(length).fill(value)).map((value, i) => value + (noise[i % 11] ?? 0)),
  )
}

test('two changes of level are found where they are, with the levels around', () => {
  const found = changePoints(level([30, 60], [20, 66], [40, 58]))
  expect(found.map(({ at }) => at)).toEqual([30, 50])
  // Medians of noise in −2 … 2, so within 1 of the levels put in.
  for (const [at, step] of [6, -8].entries())
    expect(Math.abs((found[at]?.after ?? 0) - (found[at]?.before ?? 0) - step)).toBeLessThanOrEqual(1)
})

test('a level that stays has no change, and neither has a slow ripple within the noise', () => {
  expect(changePoints(level([120, 60]))).toEqual([])
  expect(changePoints(Float64Array.from(level([120, 60]), (value, i) => value + Math.sin(i / 9)))).toEqual([])
})

test('a few outliers are no change of level', () => {
  const series = level([80, 60])
  for (const i of [20, 21, 50]) series[i] = 200
  expect(changePoints(series)).toEqual([])
})

test('gaps move nothing', () => {
  const series = level([30, 60], [30, 70])
  for (const i of [3, 4, 5, 31]) series[i] = Number.NaN
  expect(changePoints(series).map(({ at }) => at)).toEqual([30])
})

test('too short a series, or one that never moves, says nothing', () => {
  expect(changePoints(level([6, 60], [6, 90]))).toEqual([])
  expect(changePoints(new Float64Array(50).fill(5))).toEqual([])
})
