import type { Ordered } from './order.ts'
import { MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'

/** A bucket's rows in their order, column by column: what follows reads each column from one end to the other. */
export interface Sheet {
  readonly count: number
  readonly kind: Uint16Array
  readonly origin: Uint16Array
  readonly place: Uint16Array
  readonly bits: Uint16Array
  readonly metadata: Uint32Array
  /** As the file says; a heap position where the bits say TEXT. */
  readonly said: Float64Array
  /** All bits that any row has. */
  readonly anyBits: number
  readonly hasMetadata: boolean
}

/** Where the instants go: epoch ms, NaN for no creation. */
export interface Instants {
  readonly start: Float64Array
  readonly end: Float64Array
  readonly created: Float64Array
}

export type SheetReader = (rows: Rows, ordered: Ordered, instants: Instants) => Sheet

/** A sheet is good until the next is read. */
export function sheetReader(): SheetReader {
  let sheet = newSheet(4096)
  return (rows, ordered, instants) => {
    if (ordered.count > sheet.kind.length) sheet = newSheet(2 ** Math.ceil(Math.log2(ordered.count)))
    sheet.count = ordered.count
    const any = fill(sheet, rows, ordered.rows, instants)
    sheet.anyBits = any & 0xffff
    sheet.hasMetadata = any > 0xffff
    return sheet
  }
}

type OpenSheet = { -readonly [K in keyof Sheet]: Sheet[K] }

function newSheet(capacity: number): OpenSheet {
  const shorts = () => new Uint16Array(capacity)
  return {
    count: 0,
    kind: shorts(),
    origin: shorts(),
    place: shorts(),
    bits: shorts(),
    metadata: new Uint32Array(capacity),
    said: new Float64Array(capacity),
    anyBits: 0,
    hasMetadata: false,
  }
}

/** All bits that any row has, and one above them where any has metadata. It ends with its loop: what is first done behind a long loop throws its code away. */
function fill(sheet: OpenSheet, rows: Rows, order: Int32Array, { start, end, created }: Instants): number {
  const { count, kind, origin, place, bits, metadata, said } = sheet
  const { doubles, ints, uints, shorts } = rows
  let anyBits = 0
  let anyMetadata = 0
  for (let k = 0; k < count; k++) {
    const row = order[k] as number
    const d = row * ROW_DOUBLES
    const endMs = doubles[d + 1] as number
    start[k] = doubles[d] as number
    end[k] = endMs
    said[k] = doubles[d + 2] as number
    const delayS = ints[row * ROW_INTS + 6] as number
    created[k] = delayS === MISSING ? Number.NaN : endMs + delayS * 1000
    const at = uints[row * ROW_INTS + 7] as number
    metadata[k] = at
    anyMetadata |= at
    const s = row * ROW_SHORTS
    kind[k] = shorts[s + 16] as number
    origin[k] = shorts[s + 17] as number
    place[k] = shorts[s + 18] as number
    const own = shorts[s + 19] as number
    bits[k] = own
    anyBits |= own
  }
  return anyBits | (anyMetadata === 0 ? 0 : 0x10000)
}

/** Where the run of equal numbers that begins at `from` ends. */
export function runEnd(column: Uint16Array | Uint32Array, from: number, count: number): number {
  const id = column[from]
  let to = from + 1
  while (to < count && column[to] === id) to++
  return to
}
