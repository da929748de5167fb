/** Arithmetic mean, gaps (NaN) skipped; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return sum / count
}

/** Median, gaps (NaN) skipped; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort()
  if (sorted.length === 0) return Number.NaN
  const half = sorted.length >>> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/** Median absolute deviation from the median, not scaled; NaN of nothing. */
export function medianDeviation(values: ArrayLike<number>): number {
  const middle = median(values)
  return median(Float64Array.from(values, (value) => Math.abs(value - middle)))
}

/** The value below which the share `p` (0–1) lies, between neighbours in a straight line (Hyndman & Fan 1996, type 7); gaps skipped; NaN of nothing. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(
    Float64Array.from(values)
      .filter((value) => !Number.isNaN(value))
      .sort(),
    p,
  )
}

/** The same of ascending values without gaps. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
