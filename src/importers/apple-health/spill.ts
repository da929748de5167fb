import type { ScratchFile } from '../../ports/scratch.ts'
import { newRows, ROW_BYTES, ROW_DOUBLES, ROW_INTS, type Rows } from './rows.ts'

const DAY_MS = 86_400_000

/** Rows on disk, in runs that are each sorted by UTC day: memory stays the same however large the file is. */
export interface Spill {
  add(rows: Rows, count: number): void
  /** No more rows come: the block that they were sorted in is let go. */
  seal(): void
  /** UTC days (since 1970) that have rows, ascending. */
  days(): number[]
  /** All rows of a UTC day; the result is good until the next call. */
  day(day: number): { readonly rows: Rows; readonly count: number }
}

export function spillOver(file: ScratchFile, blockRows: number): Spill {
  let sorted = newRows(blockRows)
  const pieces = new Map<number, { at: number; count: number }[]>()
  let read = newRows(4096)

  return {
    add(rows, count) {
      const counts = countDays(rows, count)
      const begins = startOfEach(counts)
      moveByDay(rows, count, begins, sorted)
      const base = file.append(sorted.bytes.subarray(0, count * ROW_BYTES))
      for (const [day, at] of begins) {
        const piece = { at: base + at * ROW_BYTES, count: counts.get(day) as number }
        const known = pieces.get(day)
        if (known) known.push(piece)
        else pieces.set(day, [piece])
      }
    },
    seal() {
      sorted = newRows(0)
    },
    days: () => [...pieces.keys()].sort((a, b) => a - b),
    day(day) {
      const parts = pieces.get(day) ?? []
      const count = parts.reduce((sum, part) => sum + part.count, 0)
      if (count > read.capacity) read = newRows(2 ** Math.ceil(Math.log2(count)))
      let at = 0
      for (const part of parts) {
        file.read(part.at, read.bytes.subarray(at * ROW_BYTES, (at + part.count) * ROW_BYTES))
        at += part.count
      }
      return { rows: read, count }
    },
  }
}

function dayOf(rows: Rows, row: number): number {
  return Math.floor((rows.doubles[row * ROW_DOUBLES] as number) / DAY_MS)
}

function countDays(rows: Rows, count: number): Map<number, number> {
  const counts = new Map<number, number>()
  for (let row = 0; row < count; ) {
    const day = dayOf(rows, row)
    const from = row
    while (row < count && dayOf(rows, row) === day) row++
    counts.set(day, (counts.get(day) ?? 0) + row - from)
  }
  return counts
}

function moveByDay(rows: Rows, count: number, begins: ReadonlyMap<number, number>, into: Rows): void {
  const next = new Map(begins)
  for (let row = 0; row < count; ) {
    const day = dayOf(rows, row)
    const from = row
    while (row < count && dayOf(rows, row) === day) row++
    const to = next.get(day) as number
    next.set(day, to + row - from)
    // As integers: copying a double may change the bits of a NaN.
    into.ints.set(rows.ints.subarray(from * ROW_INTS, row * ROW_INTS), to * ROW_INTS)
  }
}

function startOfEach(counts: ReadonlyMap<number, number>): Map<number, number> {
  const begins = new Map<number, number>()
  let at = 0
  for (const day of [...counts.keys()].sort((a, b) => a - b)) {
    begins.set(day, at)
    at += counts.get(day) as number
  }
  return begins
}
