import { bytes, doubles } from './memory.ts'
import type { Samples } from './samples.ts'

/** Consecutive minutes from an instant on. */
export interface MinuteGrid {
  readonly fromMs: number
  readonly minutes: number
}

const minuteMs = 60_000

/** Which samples count, and for how long. */
export interface Touch {
  /** Widens each sample on both sides. */
  readonly reachMs?: number
  /** Samples of no more than this do not count. */
  readonly above?: number
}

/** 1 for each minute that a sample touches, beside those that are set in `mask` already. */
export function touchedMinutes(
  blocks: readonly Samples[],
  grid: MinuteGrid,
  touch: Touch = {},
  mask: Uint8Array = bytes(grid.minutes),
): Uint8Array {
  for (const block of blocks) touchMinutes(mask, block, grid, touch)
  return mask
}

/** How many minutes the samples touch. */
export function countTouched(blocks: readonly Samples[], grid: MinuteGrid): number {
  let count = 0
  let touching = 0
  for (const block of blocks) {
    const touched = touchMinutes(undefined, block, grid, anySample)
    if (touched === 0) continue
    touching++
    count = touched
  }
  return touching > 1 ? countTogether(blocks, grid) : count
}

const anySample: Touch = {}

/** Blocks may touch the same minutes. */
function countTogether(blocks: readonly Samples[], grid: MinuteGrid): number {
  if (counted.length < grid.minutes) counted = new Uint8Array(grid.minutes)
  const mask = counted.fill(0)
  for (const block of blocks) touchMinutes(mask, block, grid, anySample)
  return countSet(mask)
}

/** Used again by every count. */
let counted = new Uint8Array(1500)

/** Sets the minutes, if there is a mask, and says how many they are. */
function touchMinutes(
  mask: Uint8Array | undefined,
  { startMs, endMs, value }: Samples,
  grid: MinuteGrid,
  { reachMs = 0, above = -Infinity }: Touch,
): number {
  const endOfGrid = grid.minutes * minuteMs
  let count = 0
  // They are sorted by start, so that many touch minutes of one run: it is set when the next one begins.
  let from = 0
  let until = 0
  for (let i = 0; i < startMs.length; i++) {
    const start = (startMs[i] as number) - grid.fromMs - reachMs
    if (start >= endOfGrid) break
    const end = (endMs[i] as number) - grid.fromMs + reachMs
    if ((end < 0 && start < 0) || !((value[i] as number) > above)) continue
    const first = Math.floor(start / minuteMs)
    const next = Math.min(grid.minutes, firstUntouched(first, end))
    if (next <= until) continue
    if (first > until) {
      count += setMinutes(mask, from, until)
      from = first
    }
    until = next
  }
  return count + setMinutes(mask, from, until)
}

function setMinutes(mask: Uint8Array | undefined, from: number, until: number): number {
  mask?.fill(1, from, until)
  return until - from
}

/** An end on the full minute does not touch the next one; an instant touches its own. */
function firstUntouched(first: number, end: number): number {
  return Math.max(Math.ceil(end / minuteMs), first + 1)
}

/** Each sample's value spread evenly over its time, summed per minute; an instant falls whole into its minute. */
export function spreadOverMinutes({ startMs, endMs, value }: Samples, grid: MinuteGrid): Float64Array {
  const sums = doubles(grid.minutes)
  for (let i = 0; i < startMs.length; i++) {
    const start = (startMs[i] as number) - grid.fromMs
    if (start >= grid.minutes * minuteMs) break
    const end = (endMs[i] as number) - grid.fromMs
    const amount = value[i] as number
    if (amount !== 0 && (end >= 0 || start >= 0)) spread(sums, start, end, amount)
  }
  return sums
}

function spread(sums: Float64Array, start: number, end: number, amount: number): void {
  const first = Math.floor(start / minuteMs)
  if (end <= start) {
    if (first >= 0 && first < sums.length) sums[first] = (sums[first] as number) + amount
    return
  }
  const until = Math.min(sums.length, Math.ceil(end / minuteMs))
  for (let minute = Math.max(0, first); minute < until; minute++) {
    const overlap = Math.min(end, (minute + 1) * minuteMs) - Math.max(start, minute * minuteMs)
    sums[minute] = (sums[minute] as number) + (amount * overlap) / (end - start)
  }
}

/** Mean value of the samples that start in each window of `windowMinutes` (aligned to the grid); NaN where there are none. */
export function windowMeans({ startMs, value }: Samples, grid: MinuteGrid, windowMinutes = 1): Float64Array {
  const windows = Math.ceil(grid.minutes / windowMinutes)
  const sums = doubles(windows)
  const counts = doubles(windows)
  for (let i = 0; i < startMs.length; i++) {
    const minute = Math.floor(((startMs[i] as number) - grid.fromMs) / minuteMs)
    if (minute < 0 || minute >= grid.minutes) continue
    const window = Math.floor(minute / windowMinutes)
    sums[window] = (sums[window] as number) + (value[i] as number)
    counts[window] = (counts[window] as number) + 1
  }
  for (let window = 0; window < windows; window++) sums[window] = (sums[window] as number) / (counts[window] as number)
  return sums
}

/** The larger of two grids, minute by minute. */
export function maxByMinute(a: Float64Array, b: Float64Array): Float64Array {
  const most = doubles(a.length)
  for (let minute = 0; minute < most.length; minute++) most[minute] = Math.max(a[minute] as number, b[minute] ?? 0)
  return most
}

export function countSet(mask: Uint8Array): number {
  let count = 0
  // Many thousand minutes a day are counted: an iterator costs ten times as much.
  for (let i = 0; i < mask.length; i++) count += mask[i] as number
  return count
}
