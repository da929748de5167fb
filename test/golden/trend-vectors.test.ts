import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pettitt } from '../../src/signal/level-shifts.ts'
import { mannKendall } from '../../src/signal/mann-kendall.ts'
import { theilSen } from '../../src/signal/theil-sen.ts'

interface Vector {
  readonly kind: string
  readonly times: readonly number[]
  readonly values: readonly number[]
  readonly slope: number
  readonly low: number
  readonly high: number
  readonly s: number
  readonly variance: number
  readonly p?: number
  readonly change?: { readonly at: number; readonly u: number; readonly p: number }
}

/** Made by trend-vectors.py with SciPy, pymannkendall and pyhomogeneity. */
const vectors: readonly Vector[] = JSON.parse(readFileSync(join(import.meta.dirname, 'trend-vectors.json'), 'utf8'))

test('the vectors hold ties, gaps in time, short and long series', () => {
  expect(vectors.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['steady', 'rising', 'whole', 'shifted', 'equal']))
  expect(vectors.filter(({ p }) => p !== undefined).length).toBeGreaterThan(35)
  expect(vectors.filter(({ change }) => change !== undefined)).toHaveLength(24)
})

test.each(vectors)('slope and interval of $kind values ($values.length) are those of SciPy to 1e-9', ({ times, values, ...expected }) => {
  const { slope, low, high } = theilSen(times, values)
  expect(Math.abs(slope - expected.slope)).toBeLessThan(1e-9)
  expect(Math.abs(low - expected.low)).toBeLessThan(1e-9)
  expect(Math.abs(high - expected.high)).toBeLessThan(1e-9)
})

test.each(vectors)('S, its variance and p of $kind values ($values.length) are those of pymannkendall and SciPy to 1e-9', (vector) => {
  const { s, variance, p } = mannKendall(vector.values)
  expect(s).toBe(vector.s)
  expect(Math.abs(variance - vector.variance)).toBeLessThan(1e-9)
  if (vector.p !== undefined) expect(Math.abs(p - vector.p)).toBeLessThan(1e-9)
})

test.each(vectors.filter(({ change }) => change))('the change of $kind values ($values.length) is that of pyhomogeneity', (vector) => {
  const found = pettitt(vector.values)
  expect([found.at, found.k]).toEqual([vector.change?.at, vector.change?.u])
  expect(Math.abs(found.p - Math.min(1, vector.change?.p ?? Number.NaN))).toBeLessThan(1e-9)
})
