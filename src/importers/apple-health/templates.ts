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

const REMEMBERED = 6
const LONGEST = 4096

/** The last few templates, the one used last first. */
export function remembered<T>(): {
  readonly list: T[]
  use(index: number): T
  add(template: T): void
} {
  const list: T[] = []
  return {
    list,
    use(index) {
      const found = list[index] as T
      for (let k = index; k > 0; k--) list[k] = list[k - 1] as T
      list[0] = found
      return found
    },
    add(template) {
      if (list.length >= REMEMBERED) list.pop()
      list.unshift(template)
    },
  }
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
