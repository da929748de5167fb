import { tieGroups, varianceOfS } from './mann-kendall.ts'
import { z90 } from './normal.ts'
import { median } from './statistics.ts'

export interface TheilSen {
  /** Of `values` for one of `times`. */
  readonly slope: number
  /** 90 % interval of the slope. */
  readonly low: number
  readonly high: number
}

/**
 * Theil–Sen slope: the median of the slopes between all pairs, and its interval by the distribution of Kendall's S (Sen 1968, J Am Stat
 * Assoc 63:1379). Times ascend and differ; no gaps. NaN with fewer than two values. Where there are too few for an interval it is the
 * whole range of slopes.
 */
export function theilSen(times: ArrayLike<number>, values: ArrayLike<number>): TheilSen {
  const n = values.length
  const slopes = new Float64Array((n * (n - 1)) / 2)
  let count = 0
  for (let i = 0; i < n; i++) {
    const time = times[i] ?? Number.NaN
    const value = values[i] ?? Number.NaN
    for (let j = i + 1; j < n; j++) slopes[count++] = ((values[j] ?? Number.NaN) - value) / ((times[j] ?? Number.NaN) - time)
  }
  if (count === 0) return { slope: Number.NaN, low: Number.NaN, high: Number.NaN }
  slopes.sort()
  const reach = z90 * Math.sqrt(varianceOfS(n, tieGroups(values)))
  const above = Math.min(halfEven((count + reach) / 2), count - 1)
  const below = Math.max(halfEven((count - reach) / 2) - 1, 0)
  return { slope: median(slopes), low: slopes[below] ?? Number.NaN, high: slopes[above] ?? Number.NaN }
}

/** Ranks are rounded as SciPy's `theilslopes` does it. */
function halfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
