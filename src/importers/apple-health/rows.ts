/**
 * One sample in 40 bytes, so that millions fit in memory and spill to disk as they are:
 * doubles 0 start (epoch ms), 1 end (epoch ms), 2 value (as the file says; the heap position of a text when TEXT is set);
 * int32 6 seconds from end to creation (MISSING when unknown), uint32 7 heap position of the metadata (0 = none);
 * uint16 16 kind, 17 origin, 18 place, 19 bits.
 */
export const ROW_BYTES = 40
export const ROW_DOUBLES = ROW_BYTES / 8
export const ROW_INTS = ROW_BYTES / 4
export const ROW_SHORTS = ROW_BYTES / 2
export const MISSING = -2147483648

export const Bits = {
  /** `value` is a heap position. */
  TEXT: 1,
  /** Typed in by the person (HKWasUserEntered). */
  MANUAL: 2,
  /** Stood inside a Correlation: repeats a record of the top level. */
  NESTED: 4,
  /** A beat of an HRV record's list, no record of its own. */
  BEAT: 8,
  /** Carries a sync identifier: a higher version replaces a lower. */
  SYNC: 16,
  /** The creation date lies before the start. */
  CREATED_EARLY: 32,
  /** A date was written as a leap second. */
  LEAP_SECOND: 64,
} as const

export interface Rows {
  readonly buffer: ArrayBuffer
  readonly doubles: Float64Array
  readonly ints: Int32Array
  readonly uints: Uint32Array
  readonly shorts: Uint16Array
  readonly bytes: Uint8Array
  readonly capacity: number
}

function rowsOf(buffer: ArrayBuffer): Rows {
  return {
    buffer,
    doubles: new Float64Array(buffer),
    ints: new Int32Array(buffer),
    uints: new Uint32Array(buffer),
    shorts: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
    capacity: buffer.byteLength / ROW_BYTES,
  }
}

export function newRows(capacity: number): Rows {
  return rowsOf(new ArrayBuffer(capacity * ROW_BYTES))
}

export function bitsOf(rows: Rows, row: number): number {
  return rows.shorts[row * ROW_SHORTS + 19] as number
}
