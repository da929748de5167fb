import type { ByteReader } from './byte-reader.ts'

/** The other direction of `writeHybrid`: `count` values, each in `width` bits (0 to 31), into the front of `into`. */
export function readHybrid(from: ByteReader, count: number, width: number, into: Int32Array): Int32Array {
  let at = 0
  while (at < count) {
    const header = from.varint()
    if (header % 2 === 1) {
      const held = ((header - 1) / 2) * 8
      unpackNarrow(from.bytes, from.at, Math.min(held, count - at), width, into, at)
      from.at += (held / 8) * width
      at += held
    } else {
      let value = 0
      for (let shift = 0; shift < width; shift += 8) value |= from.byte() << shift
      const end = Math.min(count, at + header / 2)
      if (end <= at) throw new RangeError('samples: an empty run')
      into.fill(value, at, end)
      at = end
    }
  }
  return into
}

function unpackNarrow(bytes: Uint8Array, start: number, count: number, width: number, into: Int32Array, to: number): void {
  if (start + Math.ceil((count * width) / 8) > bytes.length) throw new RangeError('samples: packed values go beyond the end')
  const mask = width === 0 ? 0 : 0xffffffff >>> (32 - width)
  let at = start
  let held = 0
  let heldBits = 0
  for (let k = 0; k < count; k++) {
    // At most 7 bits are left over from the value before; beyond 25 bits a value takes a second look.
    while (heldBits < width && heldBits <= 24) {
      held |= (bytes[at++] as number) << heldBits
      heldBits += 8
    }
    if (heldBits >= width) {
      into[to + k] = held & mask
      held = width === 32 ? 0 : held >>> width
      heldBits -= width
    } else {
      const next = bytes[at++] as number
      into[to + k] = (held | (next << heldBits)) & mask
      held = next >>> (width - heldBits)
      heldBits += 8 - width
    }
  }
}

/** The other direction of `writeDeltas`: `count` integers into the front of `into`. */
export function readDeltas(from: ByteReader, count: number, into: Float64Array): void {
  const block = from.varint()
  const minis = from.varint()
  from.varint()
  let value = from.zigzag()
  if (count > 0) into[0] = value
  const size = block / minis
  for (let at = 1; at < count; ) {
    const least = from.zigzag()
    const widthsAt = from.at
    from.at += minis
    for (let mini = 0; mini < minis && at < count; mini++) {
      const width = from.bytes[widthsAt + mini] as number
      const held = Math.min(size, count - at)
      unpackWide(from.bytes, from.at, held, width)
      from.at += (size * width) / 8
      for (let k = 0; k < held; k++) {
        value += least + (deltas[k] as number)
        into[at + k] = value
      }
      at += held
    }
  }
}

const deltas = new Float64Array(256)
const narrow = new Int32Array(deltas.length)
const LOW = 2 ** 24

/** Into `deltas`; up to 52 bits each, of more than 24 the lower 24 and the rest apart. */
function unpackWide(bytes: Uint8Array, start: number, count: number, width: number): void {
  if (width > 52 || count > deltas.length || start + Math.ceil((count * width) / 8) > bytes.length)
    throw new RangeError('samples: deltas beyond what is written')
  if (width === 0) {
    deltas.fill(0, 0, count)
    return
  }
  if (width <= 24) {
    unpackNarrow(bytes, start, count, width, narrow, 0)
    for (let k = 0; k < count; k++) deltas[k] = narrow[k] as number
    return
  }
  for (let k = 0; k < count; k++) deltas[k] = bitsAt(bytes, start, k * width, 24) + bitsAt(bytes, start, k * width + 24, width - 24) * LOW
}

/** 1 to 28 bits. */
function bitsAt(bytes: Uint8Array, start: number, bit: number, width: number): number {
  const at = start + (bit >>> 3)
  const shift = bit & 7
  const low =
    ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>>
    shift
  const value = shift + width > 32 ? low + (((bytes[at + 4] as number) << (32 - shift)) >>> 0) : low
  return value & ((1 << width) - 1)
}
