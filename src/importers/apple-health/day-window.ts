import { newRows, ROW_INTS, type Rows } from './rows.ts'
import type { Spill } from './spill.ts'

/** The rows of the last UTC days in memory, as far as buckets that are still open need them. */
export interface DayWindow {
  rows(): Rows
  /** Reads a span of days behind those that are here; [from, to) are its rows. Rows that no bucket in `open` has may go, and then the others move. */
  take(span: number, open: Iterable<Indexed>): { readonly from: number; readonly to: number }
  newIndex(): Int32Array
  /** Takes back what `newIndex` gave. */
  spare(index: Int32Array): void
}

interface Indexed {
  rows: Rows
  readonly index: Int32Array
  readonly count: number
}

/** 2.5 MB: a fortnight of someone who wears a watch. */
const ROWS = 1 << 16
const SPARE = 32

export function dayWindow(spill: Spill): DayWindow {
  let rows = newRows(ROWS)
  let used = 0
  const spare: Int32Array[] = []

  /** Makes room for `count` rows: what no bucket needs goes first. */
  function makeRoom(count: number, open: readonly Indexed[]): void {
    let first = used
    for (const { index, count: length } of open) if (length > 0) first = Math.min(first, index[0] as number)
    const needed = used - first + count
    // Half of it free after a move, so that moves stay rare.
    const target = needed * 2 > rows.capacity ? newRows(2 ** Math.ceil(Math.log2(needed * 2))) : rows
    target.ints.set(rows.ints.subarray(first * ROW_INTS, used * ROW_INTS))
    for (const bucket of open) {
      bucket.rows = target
      for (let k = 0; k < bucket.count; k++) bucket.index[k] = (bucket.index[k] as number) - first
    }
    rows = target
    used -= first
  }

  return {
    rows: () => rows,
    take(span, open) {
      const count = spill.count(span)
      if (used + count > rows.capacity) makeRoom(count, [...open])
      spill.read(span, rows, used)
      const from = used
      used += count
      return { from, to: used }
    },
    newIndex: () => spare.pop() ?? new Int32Array(4096),
    spare(index) {
      if (spare.length < SPARE) spare.push(index)
    },
  }
}
