import type { ScratchFile } from '../../ports/scratch.ts'
import { newRows, ROW_BYTES, ROW_DOUBLES, ROW_INTS, type Rows } from './rows.ts'

const DAY_MS = 86_400_000

/** Rows on disk, by UTC day: memory stays the same however large the file is. */
export interface Spill {
  add(rows: Rows, count: number): void
  /** UTC days (since 1970) that rows are filed under, ascending. */
  days(): number[]
  count(day: number): number
  /** The rows filed under a UTC day, to `into` from row `at` on: they are of that day or the next. Once all up to a day are read, all rows of that day are. A day is read once. */
  read(day: number, into: Rows, at: number): void
}

/**
 * Rows of an export mostly follow each other day by day, some dozens to a day, though within one in any order, and a day of the wall clock is
 * part of two of UTC: in pieces of two days at most, such a block stays as it is.
 */
const FEWEST_A_RUN = 8

export function spillOver(file: ScratchFile): Spill {
  /** Of each day, where its pieces begin and how many rows they have, in turn. */
  const pieces = new Map<number, number[]>()

  function keep(day: number, at: number, count: number): void {
    const known = pieces.get(day)
    if (known) known.push(at, count)
    else pieces.set(day, [at, count])
  }

  return {
    add(rows, count) {
      const runs = dayRuns(rows, count)
      const isInOrder = runs.length / 2 <= Math.max(1, count / FEWEST_A_RUN)
      const filed = isInOrder ? runs : sortByDay(rows, count)
      let at = file.append(rows.bytes.subarray(0, count * ROW_BYTES))
      for (let k = 0; k < filed.length; k += 2) {
        const length = filed[k + 1] as number
        keep(filed[k] as number, at, length)
        at += length * ROW_BYTES
      }
    },
    days: () => [...pieces.keys()].sort((a, b) => a - b),
    count(day) {
      const parts = pieces.get(day) ?? []
      let count = 0
      for (let k = 1; k < parts.length; k += 2) count += parts[k] as number
      return count
    },
    read(day, into, at) {
      const parts = pieces.get(day) ?? []
      let from = at * ROW_BYTES
      for (let k = 0; k < parts.length; k += 2) {
        const to = from + (parts[k + 1] as number) * ROW_BYTES
        file.read(parts[k] as number, into.bytes.subarray(from, to))
        from = to
      }
      pieces.delete(day)
    },
  }
}

/** Days and how many rows that are of it or the next follow, in turn. */
function dayRuns({ doubles }: Rows, count: number): number[] {
  const runs: number[] = []
  for (let row = 0; row < count; ) {
    const day = dayOf(doubles, row)
    let to = runEnd(doubles, row, count, day, day)
    const other = to < count ? dayOf(doubles, to) : day
    const isBeside = Math.abs(other - day) === 1
    const earlier = isBeside ? Math.min(day, other) : day
    if (isBeside) to = runEnd(doubles, to, count, earlier, earlier + 1)
    runs.push(earlier, to - row)
    row = to
  }
  return runs
}

/** Where the rows that begin at `from` leave the days `first` to `last`. */
function runEnd(doubles: Float64Array, from: number, count: number, first: number, last: number): number {
  const fromMs = first * DAY_MS
  const toMs = (last + 1) * DAY_MS
  let row = from
  while (row < count && (doubles[row * ROW_DOUBLES] as number) >= fromMs && (doubles[row * ROW_DOUBLES] as number) < toMs) row++
  return row
}

function dayOf(doubles: Float64Array, row: number): number {
  return Math.floor((doubles[row * ROW_DOUBLES] as number) / DAY_MS)
}

/** Puts the rows of a day together, each day's in the order that they had; gives the days and how many rows each has, in turn. */
function sortByDay(rows: Rows, count: number): number[] {
  const counts = new Map<number, number>()
  for (let row = 0; row < count; row++) {
    const day = dayOf(rows.doubles, row)
    counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  const days = [...counts].sort(([a], [b]) => a - b)
  const next = new Map<number, number>()
  let at = 0
  for (const [day, length] of days) {
    next.set(day, at)
    at += length
  }
  const sorted = newRows(count)
  for (let row = 0; row < count; row++) {
    const day = dayOf(rows.doubles, row)
    const to = next.get(day) as number
    next.set(day, to + 1)
    // As integers: copying a double may change the bits of a NaN.
    for (let k = 0; k < ROW_INTS; k++) sorted.ints[to * ROW_INTS + k] = rows.ints[row * ROW_INTS + k] as number
  }
  rows.ints.set(sorted.ints)
  return days.flat()
}
