/** The values without gaps (NaN), ascending. */
export function sortedValues(values: Float64Array): Float64Array {
  // A typed array sorts its gaps to the end.
  const sorted = values.slice().sort()
  let known = sorted.length
  while (known > 0 && Number.isNaN(sorted[known - 1] as number)) known--
  return sorted.subarray(0, known)
}

/** Place of each value among all, 0 to 1; equal values share the middle of their places, gaps (NaN) stay gaps. `sorted`: its `sortedValues`. */
export function ranksOf(values: Float64Array, sorted = sortedValues(values)): Float64Array {
  const ranks = new Float64Array(values.length)
  let last = Number.NaN
  let rank = Number.NaN
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    // Neighbours are often equal, as all of them are while nobody moves.
    if (value !== last) {
      rank = Number.isNaN(value) ? value : middlePlace(sorted, value)
      last = value
    }
    ranks[i] = rank
  }
  return ranks
}

function middlePlace(sorted: Float64Array, value: number): number {
  const below = firstFrom(sorted, value)
  const next = below + 1
  const above = sorted[next] === value ? firstAbove(sorted, value, next) : next
  return (below + above) / (2 * sorted.length)
}

/** The first place whose value is not below. */
function firstFrom(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** The first place whose value is above. */
function firstAbove(sorted: Float64Array, value: number, from: number): number {
  let low = from
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}
