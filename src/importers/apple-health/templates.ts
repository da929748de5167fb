/**
 * Bytes seen before, compared eight at a time; `length` is at least 8. As doubles: two runs of text are equal just when their doubles
 * are, since text never holds a NaN (that would take a byte above 0xF4 or a DEL, and then the comparison fails and the slow way decides)
 * nor a minus zero.
 */
export function sameBytes(known: DataView, length: number, view: DataView, from: number): boolean {
  const last = length - 8
  for (let at = 0; at < last; at += 8) if (known.getFloat64(at, true) !== view.getFloat64(from + at, true)) return false
  return known.getFloat64(last, true) === view.getFloat64(from + last, true)
}

function copyOf(bytes: Uint8Array, from: number, to: number): DataView {
  const copy = bytes.slice(from, to)
  return new DataView(copy.buffer, copy.byteOffset, copy.length)
}

/**
 * How the last records began. Exports are grouped by type, so `<Record type=… sourceName=… sourceVersion=… device=… unit=… creationDate="`
 * is mostly what it was a record or two ago, but for the memory address within `device`.
 */
export interface RecordTemplate {
  readonly head: DataView
  readonly headLength: number
  /** Where there is an address: what follows it, up to the value of creationDate. */
  readonly tail: DataView | null
  readonly tailLength: number
  readonly kind: number
  readonly origin: number
  readonly hasUnit: boolean
}

export interface MetadataTemplate {
  readonly span: DataView
  readonly length: number
  readonly position: number
  readonly bits: number
  readonly zone: number
}

/** A power of two. */
export const TEMPLATES = 8
const MASK = TEMPLATES - 1
const LONGEST = 4096

/** The last few templates, numbered from the one that was used last. */
export interface Remembered<T> {
  at(tried: number): T
  use(tried: number): void
  add(template: T): void
}

/** `none` fits nothing. Nothing is moved and nothing asked that a record does not always ask: what V8 had not seen would have it compile anew. */
function remembered<T>(none: T): Remembered<T> {
  const list = new Array<T>(TEMPLATES).fill(none)
  let last = 0
  return {
    at: (tried) => list[(last + tried) & MASK] as T,
    use(tried) {
      last = (last + tried) & MASK
    },
    add(template) {
      last = (last - 1) & MASK
      list[last] = template
    },
  }
}

// Equal to nothing, not even to itself.
const NOT_A_NUMBER = new DataView(Float64Array.of(Number.NaN).buffer)

export function recordTemplates(): Remembered<RecordTemplate> {
  return remembered({ head: NOT_A_NUMBER, headLength: 8, tail: null, tailLength: 0, kind: 0, origin: 0, hasUnit: false })
}

export function metadataTemplates(): Remembered<MetadataTemplate> {
  return remembered({ span: NOT_A_NUMBER, length: 8, position: 0, bits: 0, zone: 0 })
}

export function recordTemplate(
  bytes: Uint8Array,
  from: number,
  addressFrom: number,
  addressTo: number,
  createdAt: number,
  word: { readonly kind: number; readonly origin: number; readonly hasUnit: boolean },
): RecordTemplate | undefined {
  if (createdAt - from > LONGEST) return undefined
  const headTo = addressFrom > 0 ? addressFrom : createdAt
  const tail = addressFrom > 0 ? copyOf(bytes, addressTo, createdAt) : null
  return { head: copyOf(bytes, from, headTo), headLength: headTo - from, tail, tailLength: tail?.byteLength ?? 0, ...word }
}

export function metadataTemplate(
  bytes: Uint8Array,
  from: number,
  to: number,
  known: { readonly position: number; readonly bits: number; readonly zone: number },
): MetadataTemplate | undefined {
  if (to - from > LONGEST) return undefined
  return { span: copyOf(bytes, from, to), length: to - from, position: known.position, bits: known.bits, zone: known.zone }
}
