import { expect, test } from 'vitest'
import { smoothedStates } from './forward-backward.ts'

const chain = {
  prior: [0.2, 0.5, 0.3],
  transitions: [
    [0.7, 0.2, 0.1],
    [0.1, 0.8, 0.1],
    [0.3, 0.1, 0.6],
  ],
}
const told = Float32Array.of(0.6, 0.3, 0.1, 0.2, 0.2, 0.6, 0.1, 0.7, 0.2, 0.3, 0.3, 0.4)

/** Every path of states there is, weighed one by one: Bayes' rule itself. */
function byEnumeration(strength: number, unprior: readonly number[]): number[] {
  const raised = chain.transitions.map((row) => row.map((each) => each ** strength))
  const step = raised.map((row) => row.map((each) => each / row.reduce((a, b) => a + b, 0)))
  const rows = told.length / 3
  const sums = new Array<number>(told.length).fill(0)
  for (let path = 0; path < 3 ** rows; path++) {
    const states = Array.from({ length: rows }, (_, row) => Math.floor(path / 3 ** row) % 3)
    const weight = states.reduce((product, state, row) => {
      const seen = (told[row * 3 + state] ?? 0) / (chain.prior[state] ?? 1) ** (unprior[state] ?? 0)
      return product * seen * (row === 0 ? (chain.prior[state] ?? 0) : (step[states[row - 1] ?? 0]?.[state] ?? 0))
    }, 1)
    states.forEach((state, row) => {
      sums[row * 3 + state] = (sums[row * 3 + state] ?? 0) + weight
    })
  }
  return sums.map((sum, i) => sum / sums.slice(i - (i % 3), i - (i % 3) + 3).reduce((a, b) => a + b, 0))
}

test.each([
  [1, [0, 0, 0]],
  [0.5, [0.5, 0.25, 0.25]],
])('posteriors are those of all paths together, with strength %d and unprior %j', (strength, unprior) => {
  const smoothed = smoothedStates(told, { ...chain, strength, unprior, temper: 1 })
  byEnumeration(strength, unprior).forEach((share, i) => {
    expect(smoothed[i]).toBeCloseTo(share, 6)
  })
})

test('a long night neither vanishes nor overflows', () => {
  const night = Float32Array.from({ length: 30_000 }, (_, i) => [0.001, 0.998, 0.001][i % 3] ?? 0)
  const smoothed = smoothedStates(night, { ...chain, strength: 1, unprior: [1, 1, 1], temper: 1 })
  expect(smoothed.every((each) => each >= 0 && each <= 1)).toBe(true)
  expect(smoothed.subarray(15_000, 15_003).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6)
})

test('tempered posteriors are less sure of the same state', () => {
  const [sharp, mild] = [1, 0.5].map((temper) => smoothedStates(told, { ...chain, strength: 1, unprior: [0, 0, 0], temper }))
  for (let row = 0; row < told.length; row += 3) {
    const roots = [0, 1, 2].map((state) => Math.sqrt(sharp?.[row + state] ?? 0))
    const sum = roots.reduce((a, b) => a + b, 0)
    roots.forEach((root, state) => {
      expect(mild?.[row + state]).toBeCloseTo(root / sum, 6)
    })
  }
})
