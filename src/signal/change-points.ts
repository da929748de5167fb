import { median } from './statistics.ts'

export interface ChangePoint {
  /** Where the new level begins. */
  readonly at: number
  /** Medians of the stretch before, back to the change before it, and of the stretch from here on. */
  readonly before: number
  readonly after: number
  /** By Pettitt's approximation. */
  readonly p: number
}

export interface ChangePointOptions {
  /** Values on each side of a change, at least. */
  readonly least: number
  /** Largest p of a change. */
  readonly alpha: number
  /** Smallest difference of the medians. */
  readonly shift: number
}

/**
 * Level shifts, in order: Pettitt's test (1979, J R Stat Soc C 28:126), again on both sides of each change that it finds. By ranks, so that
 * single odd values move nothing. Values in order of time, without gaps. A change whose medians differ by less than `shift` is none.
 */
export function changePoints(values: Float64Array, options: ChangePointOptions): ChangePoint[] {
  const cuts: { readonly at: number; readonly p: number }[] = []
  const split = (from: number, to: number) => {
    const found = pettitt(values.subarray(from, to), options.least)
    if (found === undefined || found.p > options.alpha) return
    const at = from + found.at
    if (Math.abs(median(values.subarray(at, to)) - median(values.subarray(from, at))) < options.shift) return
    split(from, at)
    cuts.push({ at, p: found.p })
    split(at, to)
  }
  split(0, values.length)
  return cuts.map(({ at, p }, index) => ({
    at,
    before: median(values.subarray(cuts[index - 1]?.at ?? 0, at)),
    after: median(values.subarray(at, cuts[index + 1]?.at ?? values.length)),
    p,
  }))
}

export interface Pettitt {
  /** The first value after the likeliest change. */
  readonly at: number
  /** The largest |U|. */
  readonly k: number
  /** 2·exp(−6K² ÷ (n³ + n²)), at most 1. */
  readonly p: number
}

/** The likeliest single change with `least` values on each side; of equals the first. Undefined where there are too few values. */
export function pettitt(values: ArrayLike<number>, least = 1): Pettitt | undefined {
  const n = values.length
  if (n < 2 * least) return undefined
  let u = 0
  let k = -1
  let at = 0
  for (let t = 0; t < n - 1; t++) {
    for (let j = 0; j < n; j++) u += Math.sign((values[t] ?? Number.NaN) - (values[j] ?? Number.NaN))
    if (t + 1 < least || n - t - 1 < least || Math.abs(u) <= k) continue
    k = Math.abs(u)
    at = t + 1
  }
  return { at, k, p: Math.min(1, 2 * Math.exp((-6 * k * k) / (n ** 3 + n ** 2))) }
}
