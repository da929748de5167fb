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
  const sorted = ascending(values)
  if (sorted.length === 0) return Number.NaN
  const half = sorted.length >>> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/** Median absolute deviation from the median, not scaled; NaN of nothing. */
export function medianDeviation(values: ArrayLike<number>): number {
  const middle = median(values)
  const distances = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) distances[i] = Math.abs((values[i] as number) - middle)
  return median(distances)
}

/** The value below which the share `p` (0–1) lies, between neighbours in a straight line (Hyndman & Fan 1996, type 7); gaps skipped; NaN of nothing. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(ascending(values), p)
}

/** Of so few values a sort of our own is quicker than the engine's. */
const FEW = 64

/** In order, without gaps. */
function ascending(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    let place = count++
    if (values.length <= FEW) {
      for (; place > 0 && (sorted[place - 1] as number) > value; place--) sorted[place] = sorted[place - 1] as number
    }
    sorted[place] = value
  }
  return values.length <= FEW ? sorted.subarray(0, count) : sorted.subarray(0, count).sort()
}

/** The same of ascending values without gaps. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
