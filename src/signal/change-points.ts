import { median } from './statistics.ts'

export interface ChangePoint {
  /** Place of the first value after the change. */
  readonly at: number
  readonly before: number
  readonly after: number
}

/** Values that a level must hold to be one. */
const leastValues = 7
/** Penalty for each change, in the cost of the noise: 3 · ln n, as of the modified BIC (Zhang & Siegmund 2007, Biometrics 63:22). */
const penaltyFactor = 3
/** A Laplace distribution's scale is the mean absolute deviation; of normal noise, 0.8 standard deviations. */
const scaleOfDifferences = 1.4826 / Math.SQRT2

/**
 * Where the level of a series changed, ascending: the split that makes the sum of absolute deviations from each part's median plus a
 * penalty for each change smallest, found exactly (optimal partitioning: Jackson 2005, IEEE Signal Process Lett 12:105; Killick 2012,
 * JASA 107:1590). Medians instead of means, so that a single outlier makes no change. The noise is judged by the differences of
 * neighbours. Gaps (NaN) are left out; places are those of the series given. O(n² log n); meant for some hundred values.
 */
export function changePoints(series: Float64Array, least = leastValues): ChangePoint[] {
  const places = [...series.keys()].filter((i) => !Number.isNaN(series[i]))
  const values = Float64Array.from(places, (i) => series[i] ?? 0)
  const noise = noiseOf(values)
  if (values.length < 2 * least || !(noise > 0)) return []
  const penalty = penaltyFactor * Math.log(values.length) * noise
  const starts = bestStarts(values, { least, penalty })
  const cuts: number[] = []
  for (let until = values.length; until > 0; until = starts[until] ?? 0) cuts.unshift(starts[until] ?? 0)
  const levels = cuts.map((from, part) => median(values.subarray(from, cuts[part + 1] ?? values.length)))
  return cuts
    .slice(1)
    .map((cut, part) => ({ at: places[cut] ?? 0, before: levels[part] ?? Number.NaN, after: levels[part + 1] ?? Number.NaN }))
}

/** Mean absolute deviation of the noise; where most neighbours are equal, of the whole series. */
function noiseOf(values: Float64Array): number {
  const steps = values.subarray(1).map((value, i) => Math.abs(value - (values[i] ?? 0)))
  const usual = median(steps) * scaleOfDifferences * 0.8
  return usual > 0 ? usual : steps.reduce((sum, step) => sum + step, 0) / steps.length
}

/** For each length of the series' head the start of its last part. */
function bestStarts(values: Float64Array, { least, penalty }: { readonly least: number; readonly penalty: number }): Int32Array {
  const costs = new Float64Array(values.length + 1).fill(Infinity)
  const starts = new Int32Array(values.length + 1)
  costs[0] = -penalty
  for (let until = least; until <= values.length; until++) {
    const deviations = deviationsBackwards(values, until)
    for (let from = until - least; from >= 0; from--) {
      const cost = (costs[from] ?? Infinity) + (deviations[from] ?? Infinity) + penalty
      if (cost >= (costs[until] ?? 0)) continue
      costs[until] = cost
      starts[until] = from
    }
  }
  return starts
}

/** For each `from` the sum of absolute deviations of [from, until) from their median: the values above it less those below. */
function deviationsBackwards(values: Float64Array, until: number): Float64Array {
  const sums = new Float64Array(until)
  const sorted: number[] = []
  let low = 0
  let high = 0
  let lower = 0
  for (let from = until - 1; from >= 0; from--) {
    const value = values[from] ?? 0
    const place = placeIn(sorted, value)
    sorted.splice(place, 0, value)
    // `lower` values are below the median's place; the sums follow what moves over it.
    if (place < lower) {
      low += value
      lower++
    } else high += value
    const half = sorted.length >>> 1
    if (lower > half) {
      const moved = sorted[--lower] ?? 0
      low -= moved
      high += moved
    } else if (lower < half) {
      const moved = sorted[lower++] ?? 0
      low += moved
      high -= moved
    }
    sums[from] = high - low - (sorted.length % 2 === 1 ? (sorted[half] ?? 0) : 0)
  }
  return sums
}

function placeIn(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low
}
