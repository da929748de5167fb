import { twoSidedTail } from './normal.ts'

export interface MannKendall {
  /** Later values that are greater less those that are smaller, over all pairs. */
  readonly s: number
  /** Of S without a trend, corrected for ties. */
  readonly variance: number
  /** Two-sided. */
  readonly p: number
}

/** Up to so many values the distribution of S is counted out; above it is taken as normal. */
const exactUpTo = 10

/**
 * Mann–Kendall test for a trend either way (Mann 1945, Econometrica 13:245; Kendall 1975, Rank Correlation Methods). Values in order of
 * time, without gaps. Up to 10 values p is exact, ties included; above it is normal with the continuity correction. p is 1 where all
 * values are equal, and NaN with fewer than two.
 */
export function mannKendall(values: ArrayLike<number>): MannKendall {
  const n = values.length
  let s = 0
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign((values[j] ?? Number.NaN) - (values[i] ?? Number.NaN))
  const ties = tieGroups(values)
  const variance = varianceOfS(n, ties)
  if (n < 2) return { s, variance, p: Number.NaN }
  return { s, variance, p: n <= exactUpTo ? exactP(s, ties) : normalP(s, variance) }
}

/** Of n values in groups of equal ones, without a trend. */
export function varianceOfS(n: number, ties: readonly number[]): number {
  const term = (t: number) => t * (t - 1) * (2 * t + 5)
  return (term(n) - ties.reduce((sum, t) => sum + term(t), 0)) / 18
}

/** How many values are equal, for each value. */
export function tieGroups(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort()
  const groups: number[] = []
  let from = 0
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[from]) continue
    groups.push(i - from)
    from = i
  }
  return groups
}

function normalP(s: number, variance: number): number {
  if (s === 0 || variance === 0) return 1
  return twoSidedTail((Math.abs(s) - 1) / Math.sqrt(variance))
}

/**
 * S is the untied pairs less twice the inversions, and how many orders of the values have k inversions is the coefficient of q^k in the
 * Gaussian multinomial of the tie groups (MacMahon 1913, Am J Math 35:281).
 */
function exactP(s: number, ties: readonly number[]): number {
  const counts = knownCounts(ties)
  const pairs = counts.length - 1
  let extreme = 0
  let all = 0
  for (const [k, count] of counts.entries()) {
    all += count
    if (Math.abs(pairs - 2 * k) >= Math.abs(s)) extreme += count
  }
  return extreme / all
}

/** Up to ten values tie in 137 ways: each is counted once. */
const known = new Map<string, readonly number[]>()

function knownCounts(ties: readonly number[]): readonly number[] {
  const groups = ties.toSorted((a, b) => b - a)
  const key = groups.join()
  const counts = known.get(key) ?? inversionCounts(groups)
  known.set(key, counts)
  return counts
}

function inversionCounts(ties: readonly number[]): number[] {
  let counts = [1]
  let placed = 0
  for (const t of ties) {
    placed += t
    counts = product(counts, gaussianBinomial(placed, t))
  }
  return counts
}

/** Coefficients of the Gaussian binomial, by [n, k] = [n − 1, k − 1] + q^k [n − 1, k]. */
function gaussianBinomial(n: number, k: number): number[] {
  if (k === 0 || k === n) return [1]
  const counts = [...gaussianBinomial(n - 1, k - 1)]
  for (const [at, count] of gaussianBinomial(n - 1, k).entries()) counts[at + k] = (counts[at + k] ?? 0) + count
  return Array.from(counts, (count) => count ?? 0)
}

function product(a: readonly number[], b: readonly number[]): number[] {
  const out = new Array<number>(a.length + b.length - 1).fill(0)
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) out[i + j] = (out[i + j] ?? 0) + x * y
  return out
}
