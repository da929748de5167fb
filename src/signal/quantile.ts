/** The value below which a share of the sorted `values` lies, between neighbours in proportion (Hyndman & Fan 1996, type 7); NaN of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}
