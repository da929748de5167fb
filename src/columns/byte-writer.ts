/** Bytes added one after another; grows, and is used again after `reset`. Integers are little-endian. */
export interface ByteWriter {
  /** A function, since an accessor would give each writer a shape of its own and every call on one a look-up. */
  size(): number
  byte(value: number): void
  bytes(from: Uint8Array): void
  /** What stands in another writer. */
  all(from: ByteWriter): void
  /** With a sign or without. */
  int32(value: number): void
  /** An integer within ±2^53. */
  int64(value: number): void
  /** The first `count`. */
  doubles(values: Float64Array, count: number): void
  /** Unsigned LEB128 of an integer below 2^53. */
  varint(value: number): void
  /** Zigzag LEB128 of an integer within ±2^52. */
  zigzag(value: number): void
  /** `count` values from `values[from…]`, each in `width` bits (0 to 48), least significant bit first, padded to whole bytes. */
  bits(values: Int32Array | Float64Array, from: number, count: number, width: number): void
  reset(): void
  /** Puts what stands there into `into` at `to`. */
  copyTo(into: Uint8Array, to: number): void
  /** What stands there, not copied: good until the next write. */
  view(): Uint8Array
  take(): Uint8Array<ArrayBuffer>
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(1 << 16)
  let view = new DataView(buffer.buffer)
  let at = 0

  function room(count: number): void {
    if (at + count <= buffer.length) return
    const wider = new Uint8Array(Math.max(buffer.length * 2, at + count))
    wider.set(buffer.subarray(0, at))
    buffer = wider
    view = new DataView(buffer.buffer)
  }

  const writer: ByteWriter = {
    size: () => at,
    byte(value) {
      room(1)
      buffer[at++] = value
    },
    bytes(from) {
      room(from.length)
      copy(from, from.length, buffer, at)
      at += from.length
    },
    all(from) {
      room(from.size())
      from.copyTo(buffer, at)
      at += from.size()
    },
    int32(value) {
      room(4)
      view.setInt32(at, value, true)
      at += 4
    },
    int64(value) {
      room(8)
      view.setUint32(at, value % 0x100000000, true)
      view.setInt32(at + 4, Math.floor(value / 0x100000000), true)
      at += 8
    },
    doubles(values, count) {
      room(count * 8)
      for (let k = 0; k < count; k++) view.setFloat64(at + k * 8, values[k] as number, true)
      at += count * 8
    },
    varint(value) {
      room(8)
      let rest = value
      while (rest > 0x7fffffff) {
        buffer[at++] = (rest % 128) | 0x80
        rest = Math.floor(rest / 128)
      }
      while (rest > 127) {
        buffer[at++] = (rest & 127) | 128
        rest >>>= 7
      }
      buffer[at++] = rest
    },
    zigzag(value) {
      writer.varint(value >= 0 ? value * 2 : -value * 2 - 1)
    },
    bits(values, from, count, width) {
      room(Math.ceil((count * width) / 8) + 4)
      at = values instanceof Int32Array ? packInts(view, at, values, from, count, width) : packWide(view, at, values, from, count, width)
    },
    reset() {
      at = 0
    },
    copyTo: (into, to) => copy(buffer, at, into, to),
    view: () => buffer.subarray(0, at),
    take: () => buffer.slice(0, at),
  }
  return writer
}

/** Bytes: to make a view of so few takes longer than to copy them one by one. */
const FEW = 48

function copy(from: Uint8Array, count: number, into: Uint8Array, to: number): void {
  if (count > FEW) into.set(from.length === count ? from : from.subarray(0, count), to)
  else for (let k = 0; k < count; k++) into[to + k] = from[k] as number
}

// Both give the place after the last byte.

/** Widths of up to 32. */
function packInts(into: DataView, start: number, values: Int32Array, from: number, count: number, width: number): number {
  let at = start
  let held = 0
  let heldBits = 0
  for (let k = from; k < from + count; k++) {
    const value = values[k] as number
    held |= value << heldBits
    heldBits += width
    if (heldBits < 32) continue
    into.setInt32(at, held, true)
    at += 4
    heldBits -= 32
    // What did not fit; a shift by 32 would be none.
    held = heldBits === 0 ? 0 : value >>> (width - heldBits)
  }
  return packRest(into, at, held, heldBits)
}

function packRest(into: DataView, start: number, held: number, heldBits: number): number {
  let at = start
  for (let left = heldBits; left > 0; left -= 8) into.setUint8(at++, held >>> (heldBits - left))
  return at
}

const LOW = 2 ** 24

/** Doubles, some of them beyond 32 bits: the low 24 bits, then the rest. */
function packWide(into: DataView, start: number, values: Float64Array, from: number, count: number, width: number): number {
  const own = values.subarray(from, from + count)
  if (width <= 32) return packInts(into, start, Int32Array.from(own), 0, count, width)
  let at = start
  let held = 0
  let heldBits = 0
  for (const value of own) {
    const high = Math.floor(value / LOW)
    held |= (value - high * LOW) << heldBits
    for (let k = 0; k < 24; k += 8) into.setUint8(at++, held >>> k)
    held >>>= 24
    held |= high << heldBits
    for (heldBits += width - 24; heldBits >= 8; heldBits -= 8) {
      into.setUint8(at++, held)
      held >>>= 8
    }
  }
  return packRest(into, at, held, heldBits)
}
