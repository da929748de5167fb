import { MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'

/** Rows fill up; `full` takes them away and gives the block back empty. */
export interface RowWriter {
  add(
    startMs: number,
    endMs: number,
    value: number,
    createdS: number,
    metadata: number,
    kind: number,
    origin: number,
    place: number,
    bits: number,
  ): void
  flush(): void
}

export function rowWriter(rows: Rows, full: (count: number) => void): RowWriter {
  const { doubles, ints, uints, shorts, capacity } = rows
  let count = 0
  return {
    add(startMs, endMs, value, createdS, metadata, kind, origin, place, bits) {
      const d = count * ROW_DOUBLES
      doubles[d] = startMs
      doubles[d + 1] = endMs
      doubles[d + 2] = value
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
