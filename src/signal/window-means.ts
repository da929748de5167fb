/** Running sums of a column, for means over any window of it. Gaps (NaN) are skipped. */
export interface RunningSums {
  readonly sums: Float64Array
  readonly counts: Int32Array
}

export function runningSums(values: ArrayLike<number>): RunningSums {
  const sums = new Float64Array(values.length + 1)
  const counts = new Int32Array(values.length + 1)
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!Number.isNaN(value)) {
      sum += value
      count++
    }
    sums[i + 1] = sum
    counts[i + 1] = count
  }
  return { sums, counts }
}

/** Means of the values from `first` to `last` places away (both included), of every `stride`-th place; cut at the ends, NaN of nothing. */
export function windowMeansOf({ sums, counts }: RunningSums, first: number, last: number, stride = 1): Float64Array {
  const length = sums.length - 1
  const means = new Float64Array(Math.ceil(length / stride))
  for (let i = 0; i < means.length; i++) {
    const start = i * stride + first
    const end = i * stride + last + 1
    const from = start < 0 ? 0 : start > length ? length : start
    const to = end < 0 ? 0 : end > length ? length : end
    // Of no value 0 / 0 is NaN: the gap.
    means[i] = ((sums[to] as number) - (sums[from] as number)) / ((counts[to] as number) - (counts[from] as number))
  }
  return means
}

/** Means of `2 × reach + 1` values around each. */
export function meansAround(sums: RunningSums, reach: number): Float64Array {
  return windowMeansOf(sums, -reach, reach)
}
