/** The place of the first that is not before `from`, of what ascends; its length where all are. */
export function firstFrom<T extends number | string>(ascending: ArrayLike<T>, from: T): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as T) < from) low = middle + 1
    else high = middle
  }
  return low
}
