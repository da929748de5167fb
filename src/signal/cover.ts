import { doubles } from './memory.ts'
import { at, type Intervals } from './samples.ts'

/** Disjoint stretches of time, ascending. `beforeMs[i]` is the length of all stretches ahead of stretch i. */
export interface Cover extends Intervals {
  readonly beforeMs: Float64Array
}

export const emptyCover: Cover = { startMs: new Float64Array(0), endMs: new Float64Array(0), beforeMs: new Float64Array(0) }

/** The union of intervals that are sorted by start; their own columns where they are disjoint. Instants stay in it as stretches without length. */
export function coverOf({ startMs, endMs }: Intervals): Cover {
  if (areDisjoint(startMs, endMs)) return measured(startMs, endMs)
  const starts = doubles(startMs.length)
  const ends = doubles(startMs.length)
  let last = -1
  for (let i = 0; i < startMs.length; i++) {
    const start = at(startMs, i)
    const end = at(endMs, i)
    if (last >= 0 && absorbs(at(starts, last), at(ends, last), start, end)) {
      ends[last] = Math.max(end, at(ends, last))
    } else {
      last++
      starts[last] = start
      ends[last] = end
    }
  }
  return measured(starts.subarray(0, last + 1), ends.subarray(0, last + 1))
}

function areDisjoint(startMs: Float64Array, endMs: Float64Array): boolean {
  for (let i = 1; i < startMs.length; i++) if (absorbs(at(startMs, i - 1), at(endMs, i - 1), at(startMs, i), at(endMs, i))) return false
  return true
}

/** The union of two covers. */
export function joinCovers(a: Cover, b: Cover): Cover {
  if (a.startMs.length === 0) return b
  if (b.startMs.length === 0) return a
  const startMs = doubles(a.startMs.length + b.startMs.length)
  const endMs = doubles(startMs.length)
  let fromA = 0
  let fromB = 0
  for (let i = 0; i < startMs.length; i++) {
    const takeA = fromB >= b.startMs.length || (fromA < a.startMs.length && (a.startMs[fromA] as number) <= (b.startMs[fromB] as number))
    const cover = takeA ? a : b
    const index = takeA ? fromA++ : fromB++
    startMs[i] = at(cover.startMs, index)
    endMs[i] = at(cover.endMs, index)
  }
  return coverOf({ startMs, endMs })
}

/** How many ms of [fromMs, toMs) are covered. O(log n). */
export function coveredMs(cover: Cover, fromMs: number, toMs: number): number {
  return coveredUntil(cover, toMs) - coveredUntil(cover, fromMs)
}

/** Whether the moment lies in a stretch, or on an instant of the cover. */
export function coversInstant(cover: Cover, atMs: number): boolean {
  const index = lastAtOrBefore(cover.startMs, atMs)
  return index >= 0 && (atMs < at(cover.endMs, index) || atMs === cover.startMs[index])
}

export function lengthMs(cover: Cover): number {
  return coveredUntil(cover, Infinity)
}

// An instant at the open end of a stretch is not inside it, so it stays a stretch of its own.
function absorbs(lastStart: number, lastEnd: number, start: number, end: number): boolean {
  return start < lastEnd || (start === lastEnd && (end > start || lastStart === lastEnd))
}

function measured(startMs: Float64Array, endMs: Float64Array): Cover {
  const beforeMs = doubles(startMs.length)
  let total = 0
  for (let i = 0; i < startMs.length; i++) {
    beforeMs[i] = total
    total += at(endMs, i) - at(startMs, i)
  }
  return { startMs, endMs, beforeMs }
}

function coveredUntil(cover: Cover, atMs: number): number {
  const index = lastAtOrBefore(cover.startMs, atMs)
  if (index < 0) return 0
  return at(cover.beforeMs, index) + Math.min(atMs, at(cover.endMs, index)) - at(cover.startMs, index)
}

function lastAtOrBefore(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(ascending, middle) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
