import type { ScratchFile } from '../../ports/scratch.ts'
import { newRows, ROW_BYTES, ROW_DOUBLES, ROW_INTS, type Rows } from './rows.ts'

const DAY_MS = 86_400_000

/** Rows on disk, by UTC day: memory stays the same however large the file is. */
export interface Spill {
  add(rows: Rows, count: number): void
  /** UTC days (since 1970) that have rows, ascending. */
  days(): number[]
  count(day: number): number
  /** All rows of a UTC day, to `into` from row `at` on. */
  read(day: number, into: Rows, at: number): void
}

/** Rows of an export mostly follow each other in time, some dozens to a day: then a block stays as it is. */
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
      const sorted = isInOrder ? runs : sortByDay(rows, count, runs)
      let at = file.append(rows.bytes.subarray(0, count * ROW_BYTES))
      for (let k = 0; k < sorted.length; k += 2) {
        const length = sorted[k + 1] as number
        keep(sorted[k] as number, at, length)
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
    },
  }
}

/** Days and how many rows of each follow, in turn. */
function dayRuns(rows: Rows, count: number): number[] {
  const runs: number[] = []
  const { doubles } = rows
  for (let row = 0; row < count; ) {
    const day = Math.floor((doubles[row * ROW_DOUBLES] as number) / DAY_MS)
    const to = dayEnd(doubles, row, count, day * DAY_MS)
    runs.push(day, to - row)
    row = to
  }
  return runs
}

function dayEnd(doubles: Float64Array, from: number, count: number, dayMs: number): number {
  let row = from + 1
  while (row < count) {
    const ms = doubles[row * ROW_DOUBLES] as number
    if (ms < dayMs || ms >= dayMs + DAY_MS) break
    row++
  }
  return row
}

/** Puts the rows of a day together, each day's in the order that they had; gives the runs that there are then. */
function sortByDay(rows: Rows, count: number, runs: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (let k = 0; k < runs.length; k += 2) counts.set(runs[k] as number, (counts.get(runs[k] as number) ?? 0) + (runs[k + 1] as number))
  const next = new Map<number, number>()
  let at = 0
  const days = [...counts].sort(([a], [b]) => a - b)
  for (const [day, length] of days) {
    next.set(day, at)
    at += length
  }
  const sorted = newRows(count)
  let row = 0
  for (let k = 0; k < runs.length; k += 2) {
    const [day, length] = [runs[k] as number, runs[k + 1] as number]
    const to = next.get(day) as number
    next.set(day, to + length)
    // As integers: copying a double may change the bits of a NaN.
    sorted.ints.set(rows.ints.subarray(row * ROW_INTS, (row + length) * ROW_INTS), to * ROW_INTS)
    row += length
  }
  rows.ints.set(sorted.ints.subarray(0, count * ROW_INTS))
  return days.flat()
}
