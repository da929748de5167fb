import { MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'

/** Rows fill up; `full` takes them away and gives the block back empty. */
export interface RowWriter {
  /** Start and end (epoch ms) and value of the next row, to be set before `add`: given as arguments, doubles would be boxed, three a record. */
  readonly next: Float64Array
  add(createdS: number, metadata: number, kind: number, origin: number, place: number, bits: number): void
  flush(): void
}

export const START = 0
export const END = 1
export const VALUE = 2

export function rowWriter(rows: Rows, full: (count: number) => void): RowWriter {
  const { doubles, ints, uints, shorts, capacity } = rows
  const next = new Float64Array(3)
  let count = 0
  return {
    next,
    add(createdS, metadata, kind, origin, place, bits) {
      const d = count * ROW_DOUBLES
      doubles[d] = next[START] as number
      doubles[d + 1] = next[END] as number
      doubles[d + 2] = next[VALUE] as number
      const i = count * ROW_INTS
      ints[i + 6] = createdS > 2_147_483_647 || createdS < -2_147_483_647 ? MISSING : createdS
      uints[i + 7] = metadata
      const s = count * ROW_SHORTS
      shorts[s + 16] = kind
      shorts[s + 17] = origin
      shorts[s + 18] = place
      shorts[s + 19] = bits
      if (++count === capacity) {
        full(count)
        count = 0
      }
    },
    flush() {
      if (count > 0) full(count)
      count = 0
    },
  }
}

/** The same for those who add few rows. */
export function addRow(rows: RowWriter, startMs: number, endMs: number, value: number, ...rest: Parameters<RowWriter['add']>): void {
  rows.next[START] = startMs
  rows.next[END] = endMs
  rows.next[VALUE] = value
  rows.add(...rest)
}
