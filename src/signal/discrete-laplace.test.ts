import { expect, test } from 'vitest'
import { type Below, discreteLaplace } from './discrete-laplace.ts'

/** xorshift32, then a remainder: uniform enough for `n` far below 2^32. */
function dice(seed: number): Below {
  let state = seed
  return (n) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
}

/** (e^ε − 1) ÷ (e^ε + 1) · e^(−ε|x|), in closed form. */
function probability(x: number, epsilon: number): number {
  const q = Math.exp(-epsilon)
  return ((1 - q) / (1 + q)) * q ** Math.abs(x)
}

test.each([
  [500, 1000],
  [1000, 1000],
  [100, 1000],
])('ε = %d ÷ %d: the draws are distributed as the formula says', (s, t) => {
  const draws = 200_000
  const reach = Math.ceil((3 * t) / s)
  const counts = new Map<number, number>()
  const below = dice(20_26)
  for (let n = 0; n < draws; n++) {
    const x = Math.max(-reach, Math.min(reach, discreteLaplace(s, t, below)))
    counts.set(x, (counts.get(x) ?? 0) + 1)
  }
  let chiSquare = 0
  let inside = 0
  for (let x = -reach + 1; x < reach; x++) {
    const expected = draws * probability(x, s / t)
    inside += expected
    chiSquare += ((counts.get(x) ?? 0) - expected) ** 2 / expected
  }
  for (const end of [-reach, reach]) chiSquare += ((counts.get(end) ?? 0) - (draws - inside) / 2) ** 2 / ((draws - inside) / 2)
  const freedom = 2 * reach
  // The mean and four deviations of χ²: seeds that fail by chance are one in thousands, and the seed is fixed.
  expect(chiSquare).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom))
})

test('a person more or less changes how likely an answer is by e^ε at most', () => {
  const draws = 400_000
  const histogram = (count: number) => {
    const below = dice(7 + count)
    const counts = new Map<number, number>()
    for (let n = 0; n < draws; n++) {
      const x = count + discreteLaplace(1000, 1000, below)
      counts.set(x, (counts.get(x) ?? 0) + 1)
    }
    return counts
  }
  const [without, withOne] = [histogram(11), histogram(12)]
  for (const [x, count] of without) {
    const other = withOne.get(x) ?? 0
    if (count < 2000 || other < 2000) continue
    expect(Math.abs(Math.log(count / other))).toBeLessThan(1 + 0.1)
  }
})
