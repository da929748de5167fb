import { at } from './samples.ts'
import { quantileOfSorted } from './statistics.ts'

/**
 * Each of `shares` (0–1) as the quantile of the `width` values around every place, fewer at the ends; one column a share. The values must
 * have no gaps. O(n · width) with a small constant: the window stays sorted while it moves.
 */
export function slidingQuantiles(values: Float64Array, width: number, shares: readonly number[]): Float64Array[] {
  const reach = (width - 1) / 2
  const columns = shares.map(() => new Float64Array(values.length))
  const window: number[] = [...values.subarray(0, reach)].sort((a, b) => a - b)
  values.forEach((_, i) => {
    if (i + reach < values.length) put(window, at(values, i + reach))
    if (i - reach > 0) take(window, at(values, i - reach - 1))
    for (const [column, share] of shares.entries()) (columns[column] as Float64Array)[i] = quantileOfSorted(window, share)
  })
  return columns
}

function put(sorted: number[], value: number): void {
  sorted.splice(placeOf(sorted, value), 0, value)
}

function take(sorted: number[], value: number): void {
  sorted.splice(placeOf(sorted, value), 1)
}

/** Of the first that is not smaller. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
