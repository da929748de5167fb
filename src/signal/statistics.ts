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
  return middleOf(ascending(values))
}

/** Median absolute deviation from the median, not scaled; NaN of nothing. */
export function medianDeviation(values: ArrayLike<number>): number {
  return medianSpread(values).deviation
}

export interface MedianSpread {
  readonly median: number
  /** Median absolute deviation from it, not scaled. */
  readonly deviation: number
}

/** Both from one sort, gaps (NaN) skipped; NaN of nothing. */
export function medianSpread(values: ArrayLike<number>): MedianSpread {
  const sorted = ascending(values)
  const middle = middleOf(sorted)
  return { median: middle, deviation: middleDistance(sorted, middle) }
}

/** The value below which the share `p` (0–1) lies, between neighbours in a straight line (Hyndman & Fan 1996, type 7); gaps skipped; NaN of nothing. */
export function quantile(values: ArrayLike<number>, p: number): number {
  const { values: sorted, count } = ascending(values)
  return quantileOfSorted(sorted.subarray(0, count), p)
}

/** Values in order, without gaps; good until the next are sorted. */
interface Sorted {
  readonly values: Float64Array
  readonly count: number
}

function middleOf({ values, count }: Sorted): number {
  if (count === 0) return Number.NaN
  const half = count >>> 1
  const upper = values[half] as number
  return count % 2 === 1 ? upper : ((values[half - 1] as number) + upper) / 2
}

/** Distances grow on both sides of the middle: from the inside they are met in their order, without another sort. */
function middleDistance({ values, count }: Sorted, middle: number): number {
  if (count === 0) return Number.NaN
  const half = count >>> 1
  let low = half - 1
  let high = half
  let before = Number.NaN
  let last = Number.NaN
  for (let met = 0; met <= half; met++) {
    const below = low >= 0 ? middle - (values[low] as number) : Infinity
    const above = high < count ? (values[high] as number) - middle : Infinity
    before = last
    if (above <= below) high++
    else low--
    last = Math.min(above, below)
  }
  return count % 2 === 1 ? last : (before + last) / 2
}

/** Of so few values a sort of our own is quicker than the engine's. */
const FEW = 64

/** Sorted hundreds of thousands of times over ten years: room that is made each time costs more than the sort. */
let room = new Float64Array(FEW)

function ascending(values: ArrayLike<number>): Sorted {
  if (values.length > room.length) room = new Float64Array(values.length)
  const isFew = values.length <= FEW
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    let place = count++
    if (isFew) for (; place > 0 && (room[place - 1] as number) > value; place--) room[place] = room[place - 1] as number
    room[place] = value
  }
  if (!isFew) room.subarray(0, count).sort()
  return { values: room, count }
}

/** The same of ascending values without gaps. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
