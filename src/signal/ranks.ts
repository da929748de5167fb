/** Place of each value among all, 0 to 1; equal values share the middle of their places, gaps (NaN) stay gaps. */
export function ranksOf(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  return values.map((value) =>
    Number.isNaN(value) ? value : (placesBelow(sorted, value, false) + placesBelow(sorted, value, true)) / (2 * sorted.length),
  )
}

/** How many of the ascending values lie below `value`, or at it too. */
function placesBelow(sorted: Float64Array, value: number, atToo: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = sorted[middle] as number
    if (found < value || (atToo && found === value)) low = middle + 1
    else high = middle
  }
  return low
}
