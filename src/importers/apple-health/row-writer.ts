import type { Beats } from './beats.ts'
import { Bits, MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'

/** Rows fill up; `full` takes them away and gives the block back empty. */
export interface RowWriter {
  /** Start, end and creation (epoch ms; NaN for no creation) and value of the next row, to be set before `add`: given as arguments, doubles would be boxed, four a record. */
  readonly next: Float64Array
  add(metadata: number, kind: number, origin: number, place: number, bits: number): void
  flush(): void
}

export const START = 0
export const END = 1
export const VALUE = 2
export const CREATED = 3

const MOST_SECONDS = 2_147_483_647
/** The first block is a short one: V8 has then seen what comes behind a full one before it compiles `add` for millions of rows. */
const FIRST_BLOCK = 64

export function rowWriter(rows: Rows, full: (count: number) => void): RowWriter {
  const { doubles, ints, uints, shorts, capacity } = rows
  const next = new Float64Array(4)
  let count = 0
  let limit = Math.min(capacity, FIRST_BLOCK)
  return {
    next,
    add(metadata, kind, origin, place, bits) {
      const d = count * ROW_DOUBLES
      doubles[d] = next[START] as number
      doubles[d + 1] = next[END] as number
      doubles[d + 2] = next[VALUE] as number
      const i = count * ROW_INTS
      const createdS = ((next[CREATED] as number) - (next[END] as number)) / 1000
      ints[i + 6] = createdS >= -MOST_SECONDS && createdS <= MOST_SECONDS ? Math.round(createdS) : MISSING
      uints[i + 7] = metadata
      const s = count * ROW_SHORTS
      shorts[s + 16] = kind
      shorts[s + 17] = origin
      shorts[s + 18] = place
      shorts[s + 19] = bits
      if (++count === limit) {
        full(count)
        count = 0
        limit = capacity
      }
    },
    flush() {
      if (count > 0) full(count)
      count = 0
    },
  }
}

/** The same for those who add few rows. */
export function addRow(
  rows: RowWriter,
  startMs: number,
  endMs: number,
  value: number,
  createdMs: number,
  ...rest: Parameters<RowWriter['add']>
): void {
  rows.next[START] = startMs
  rows.next[END] = endMs
  rows.next[VALUE] = value
  rows.next[CREATED] = createdMs
  rows.add(...rest)
}

/** The beats of a record's list, each a row. */
export function addBeats(rows: RowWriter, { ms, bpm, count }: Beats, kind: number, origin: number, place: number, nested: number): void {
  const { next } = rows
  next[CREATED] = Number.NaN
  for (let k = 0; k < count; k++) {
    next[START] = ms[k] as number
    next[END] = ms[k] as number
    next[VALUE] = bpm[k] as number
    rows.add(0, kind, origin, place, Bits.BEAT | nested)
  }
}
