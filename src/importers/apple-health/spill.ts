import type { ScratchFile } from '../../ports/scratch.ts'
import { newRows, ROW_BYTES, ROW_DOUBLES, ROW_INTS, type Rows } from './rows.ts'

/** UTC days that are filed together: each has a dozen pieces, one for each of its types, and a piece is a read. */
export const SPAN_DAYS = 4
const SPAN_MS = SPAN_DAYS * 86_400_000

/** Rows on disk, by spans of UTC days, numbered from 1970 on: memory stays the same however large the file is. */
export interface Spill {
  add(rows: Rows, count: number): void
  /** Those that rows are filed under, ascending. */
  spans(): number[]
  count(span: number): number
  /** The rows filed under a span, to `into` from row `at` on: they are of that span or the next. Once all up to a span are read, all rows of that span are. A span is read once. */
  read(span: number, into: Rows, at: number): void
}

/**
 * Rows of an export mostly follow each other day by day, some dozens to a day, though within one in any order, and a day of the wall clock may
 * be part of two spans: in pieces of two spans at most, such a block stays as it is.
 */
const FEWEST_A_RUN = 8

export function spillOver(file: ScratchFile): Spill {
  /** Of each span, where its pieces begin and how many rows they have, in turn. */
  const pieces = new Map<number, number[]>()

  function keep(span: number, at: number, count: number): void {
    const known = pieces.get(span)
    if (known) known.push(at, count)
    else pieces.set(span, [at, count])
  }

  return {
    add(rows, count) {
      const runs = spanRuns(rows, count)
      const isInOrder = runs.length / 2 <= Math.max(1, count / FEWEST_A_RUN)
      const filed = isInOrder ? runs : sortBySpan(rows, count)
      let at = file.append(rows.bytes.subarray(0, count * ROW_BYTES))
      for (let k = 0; k < filed.length; k += 2) {
        const length = filed[k + 1] as number
        keep(filed[k] as number, at, length)
        at += length * ROW_BYTES
      }
    },
    spans: () => [...pieces.keys()].sort((a, b) => a - b),
    count(span) {
      const parts = pieces.get(span) ?? []
      let count = 0
      for (let k = 1; k < parts.length; k += 2) count += parts[k] as number
      return count
    },
    read(span, into, at) {
      const parts = pieces.get(span) ?? []
      let from = at * ROW_BYTES
      for (let k = 0; k < parts.length; k += 2) {
        const to = from + (parts[k + 1] as number) * ROW_BYTES
        file.read(parts[k] as number, into.bytes.subarray(from, to))
        from = to
      }
      pieces.delete(span)
    },
  }
}

/** Spans and how many rows that are of it or the next follow, in turn. */
function spanRuns({ doubles }: Rows, count: number): number[] {
  const runs: number[] = []
  for (let row = 0; row < count; ) {
    const span = spanOf(doubles, row)
    let to = runEnd(doubles, row, count, span, span)
    const other = to < count ? spanOf(doubles, to) : span
    const isBeside = Math.abs(other - span) === 1
    const earlier = isBeside ? Math.min(span, other) : span
    if (isBeside) to = runEnd(doubles, to, count, earlier, earlier + 1)
    runs.push(earlier, to - row)
    row = to
  }
  return runs
}

/** Where the rows that begin at `from` leave the spans `first` to `last`. */
function runEnd(doubles: Float64Array, from: number, count: number, first: number, last: number): number {
  const fromMs = first * SPAN_MS
  const toMs = (last + 1) * SPAN_MS
  let row = from
  while (row < count && (doubles[row * ROW_DOUBLES] as number) >= fromMs && (doubles[row * ROW_DOUBLES] as number) < toMs) row++
  return row
}

function spanOf(doubles: Float64Array, row: number): number {
  return Math.floor((doubles[row * ROW_DOUBLES] as number) / SPAN_MS)
}

/** Puts the rows of a span together, each span's in the order that they had; gives the spans and how many rows each has, in turn. */
function sortBySpan(rows: Rows, count: number): number[] {
  const counts = new Map<number, number>()
  for (let row = 0; row < count; row++) {
    const span = spanOf(rows.doubles, row)
    counts.set(span, (counts.get(span) ?? 0) + 1)
  }
  const spans = [...counts].sort(([a], [b]) => a - b)
  const next = new Map<number, number>()
  let at = 0
  for (const [span, length] of spans) {
    next.set(span, at)
    at += length
  }
  const sorted = newRows(count)
  for (let row = 0; row < count; row++) {
    const span = spanOf(rows.doubles, row)
    const to = next.get(span) as number
    next.set(span, to + 1)
    // As integers: copying a double may change the bits of a NaN.
    for (let k = 0; k < ROW_INTS; k++) sorted.ints[to * ROW_INTS + k] = rows.ints[row * ROW_INTS + k] as number
  }
  rows.ints.set(sorted.ints)
  return spans.flat()
}
