import { at, type Samples } from './samples.ts'

/** Consecutive minutes from an instant on. */
export interface MinuteGrid {
  readonly fromMs: number
  readonly minutes: number
}

const minuteMs = 60_000

/** 1 for each minute that a sample touches. `reachMs` widens each sample on both sides; samples of value <= `above` do not count. */
export function touchedMinutes(blocks: readonly Samples[], grid: MinuteGrid, reachMs = 0, above = -Infinity): Uint8Array {
  const steps = new Int32Array(grid.minutes + 1)
  for (const { startMs, endMs, value } of blocks) {
    for (let i = 0; i < startMs.length; i++) {
      const start = at(startMs, i) - grid.fromMs - reachMs
      const end = at(endMs, i) - grid.fromMs + reachMs
      const first = Math.max(0, Math.floor(start / minuteMs))
      const until = Math.min(grid.minutes, firstUntouched(start, end))
      if (until <= first || !(at(value, i) > above)) continue
      steps[first] = (steps[first] ?? 0) + 1
      steps[until] = (steps[until] ?? 0) - 1
    }
  }
  return running(steps, grid.minutes)
}

/** An end on the full minute does not touch the next one; an instant touches its own. */
function firstUntouched(start: number, end: number): number {
  return Math.max(Math.ceil(end / minuteMs), Math.floor(start / minuteMs) + 1)
}

/** Each sample's value spread evenly over its time, summed per minute; an instant falls whole into its minute. */
export function spreadOverMinutes({ startMs, endMs, value }: Samples, grid: MinuteGrid): Float64Array {
  const sums = new Float64Array(grid.minutes)
  for (let i = 0; i < startMs.length; i++) {
    const amount = at(value, i)
    if (amount !== 0) spread(sums, at(startMs, i) - grid.fromMs, at(endMs, i) - grid.fromMs, amount)
  }
  return sums
}

function spread(sums: Float64Array, start: number, end: number, amount: number): void {
  const first = Math.floor(start / minuteMs)
  if (end <= start) {
    if (first >= 0 && first < sums.length) sums[first] = at(sums, first) + amount
    return
  }
  const until = Math.min(sums.length, Math.ceil(end / minuteMs))
  for (let minute = Math.max(0, first); minute < until; minute++) {
    const overlap = Math.min(end, (minute + 1) * minuteMs) - Math.max(start, minute * minuteMs)
    sums[minute] = at(sums, minute) + (amount * overlap) / (end - start)
  }
}

/** Mean value of the samples that start in each window of `windowMinutes` (aligned to the grid); NaN where there are none. */
export function windowMeans({ startMs, value }: Samples, grid: MinuteGrid, windowMinutes = 1): Float64Array {
  const windows = Math.ceil(grid.minutes / windowMinutes)
  const sums = new Float64Array(windows)
  const counts = new Int32Array(windows)
  for (let i = 0; i < startMs.length; i++) {
    const minute = Math.floor(((startMs[i] ?? 0) - grid.fromMs) / minuteMs)
    if (minute < 0 || minute >= grid.minutes) continue
    const window = Math.floor(minute / windowMinutes)
    sums[window] = (sums[window] ?? 0) + (value[i] ?? Number.NaN)
    counts[window] = (counts[window] ?? 0) + 1
  }
  return sums.map((sum, window) => sum / (counts[window] ?? 0))
}

/** The larger of two grids, minute by minute. */
export function maxByMinute(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, minute) => Math.max(value, b[minute] ?? 0))
}

export function countSet(mask: Uint8Array): number {
  let count = 0
  // Many thousand minutes a day are counted: an iterator costs ten times as much.
  for (let i = 0; i < mask.length; i++) count += mask[i] as number
  return count
}

function running(steps: Int32Array, minutes: number): Uint8Array {
  const mask = new Uint8Array(minutes)
  let open = 0
  for (let minute = 0; minute < minutes; minute++) {
    open += steps[minute] ?? 0
    mask[minute] = open > 0 ? 1 : 0
  }
  return mask
}
