import { median } from './statistics.ts'

export interface LevelShift {
  /** Where the new level begins. */
  readonly at: number
  /** The last value that was needed to see it. */
  readonly seenAt: number
  /** Medians of the values before, back to the change before it, and from here to `seenAt`. */
  readonly before: number
  readonly after: number
  /** By Pettitt's approximation. */
  readonly p: number
}

export interface LevelShiftOptions {
  /** Values on each side of a change, at least. */
  readonly least: number
  /** So far back a level is looked at. */
  readonly most: number
  /** Largest p of a change. */
  readonly alpha: number
  /** Smallest difference of the medians, where the level before has this median. */
  readonly shift: (before: number) => number
}

/**
 * Level shifts in order, each as soon as it can be seen: after every value Pettitt's test of the last `most` values since the change before.
 * What is found depends on nothing after `seenAt`, so that more values never take a change back. The test goes by ranks and the place by
 * medians: single odd values move nothing. Values in order of time, without gaps.
 */
export function levelShifts(values: Float64Array, { least, most, alpha, shift }: LevelShiftOptions): LevelShift[] {
  const changes: LevelShift[] = []
  let since = 0
  for (let seenAt = 2 * least - 1; seenAt < values.length; seenAt++) {
    const from = Math.max(since, seenAt + 1 - most)
    const found = pettitt(values.subarray(from, seenAt + 1))
    if (found.p > alpha) continue
    const at = from + breakOf(values.subarray(from, seenAt + 1))
    // Where the likeliest place is nearer to an end, more values will tell.
    if (at - from < least || seenAt + 1 - at < least) continue
    const before = median(values.subarray(from, at))
    const after = median(values.subarray(at, seenAt + 1))
    if (Math.abs(after - before) < shift(before)) continue
    changes.push({ at, seenAt, before, after, p: found.p })
    since = at
  }
  return changes
}

/** Where two levels explain the values best: by the sum of the distances from the median on either side. */
function breakOf(values: Float64Array): number {
  let best = Number.POSITIVE_INFINITY
  let at = 0
  for (let t = 1; t < values.length; t++) {
    const cost = distances(values.subarray(0, t)) + distances(values.subarray(t))
    if (cost >= best) continue
    best = cost
    at = t
  }
  return at
}

function distances(values: Float64Array): number {
  const middle = median(values)
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0)
}

export interface Pettitt {
  /** The first value after the likeliest change. */
  readonly at: number
  /** The largest |U|. */
  readonly k: number
  /** 2·exp(−6K² ÷ (n³ + n²)), at most 1. */
  readonly p: number
}

/**
 * The likeliest single change of level (Pettitt 1979, J R Stat Soc C 28:126); of equals the first. U of the first t values is
 * 2·(sum of their ranks) − t·(n + 1). Two values or more.
 */
export function pettitt(values: ArrayLike<number>): Pettitt {
  const n = values.length
  const ranks = midranks(values)
  let sum = 0
  let k = -1
  let at = 0
  for (let t = 1; t < n; t++) {
    sum += ranks[t - 1] ?? Number.NaN
    const u = Math.abs(2 * sum - t * (n + 1))
    if (u <= k) continue
    k = u
    at = t
  }
  return { at, k, p: Math.min(1, 2 * Math.exp((-6 * k * k) / (n ** 3 + n ** 2))) }
}

/** From 1; equal values share the mean of their ranks. */
function midranks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort()
  const rankOf = new Map<number, number>()
  let from = 0
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[from]) continue
    rankOf.set(sorted[from] ?? Number.NaN, (from + 1 + i) / 2)
    from = i
  }
  return Float64Array.from(values, (value) => rankOf.get(value) ?? Number.NaN)
}
