/** Bytes added one after another; grows, and is used again after `reset`. Integers are little-endian. */
export interface ByteWriter {
  /** A function, since an accessor would give each writer a shape of its own and every call on one a look-up. */
  size(): number
  byte(value: number): void
  bytes(from: Uint8Array): void
  uint32(value: number): void
  int32(value: number): void
  /** An integer within ±2^53. */
  int64(value: number): void
  double(value: number): void
  /** Unsigned LEB128 of an integer below 2^53. */
  varint(value: number): void
  /** Zigzag LEB128 of an integer within ±2^52. */
  zigzag(value: number): void
  /** `count` values from `values[from…]`, each in `width` bits (0 to 48), least significant bit first, padded to whole bytes. */
  bits(values: Int32Array | Float64Array, from: number, count: number, width: number): void
  reset(): void
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
      buffer.set(from, at)
      at += from.length
    },
    uint32(value) {
      room(4)
      view.setUint32(at, value, true)
      at += 4
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
    double(value) {
      room(8)
      view.setFloat64(at, value, true)
      at += 8
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
      if (values instanceof Int32Array) at = packInts(buffer, at, values, from, count, width)
      else at = packWide(buffer, at, values, from, count, width)
    },
    reset() {
      at = 0
    },
    view: () => buffer.subarray(0, at),
    take: () => buffer.slice(0, at),
  }
  return writer
}

// All give the place after the last byte. 32 bits hold what is left of a byte (7) and 24 more, so wider values go in two parts.

function packInts(into: Uint8Array, start: number, values: Int32Array, from: number, count: number, width: number): number {
  return (width <= 24 ? packNarrow : packMiddle)(into, start, values, from, count, width)
}

function packNarrow(into: Uint8Array, start: number, values: Int32Array, from: number, count: number, width: number): number {
  let at = start
  let held = 0
  let heldBits = 0
  for (let k = from; k < from + count; k++) {
    held |= (values[k] as number) << heldBits
    for (heldBits += width; heldBits >= 8; heldBits -= 8) {
      into[at++] = held
      held >>>= 8
    }
  }
  if (heldBits > 0) into[at++] = held
  return at
}

/** Widths of 25 to 32: the low 24 bits, then the rest. */
function packMiddle(into: Uint8Array, start: number, values: Int32Array, from: number, count: number, width: number): number {
  let at = start
  let held = 0
  let heldBits = 0
  for (let k = from; k < from + count; k++) {
    const value = values[k] as number
    held |= (value & 0xffffff) << heldBits
    into[at++] = held
    into[at++] = held >>> 8
    into[at++] = held >>> 16
    held >>>= 24
    held |= (value >>> 24) << heldBits
    for (heldBits += width - 24; heldBits >= 8; heldBits -= 8) {
      into[at++] = held
      held >>>= 8
    }
  }
  if (heldBits > 0) into[at++] = held
  return at
}

const LOW = 2 ** 24

/** Doubles, some of them beyond 32 bits. */
function packWide(into: Uint8Array, start: number, values: Float64Array, from: number, count: number, width: number): number {
  if (width <= 32) return packInts(into, start, Int32Array.from(values.subarray(from, from + count)), 0, count, width)
  let at = start
  let held = 0
  let heldBits = 0
  for (let k = from; k < from + count; k++) {
    const value = values[k] as number
    const high = Math.floor(value / LOW)
    held |= (value - high * LOW) << heldBits
    into[at++] = held
    into[at++] = held >>> 8
    into[at++] = held >>> 16
    held >>>= 24
    held |= high << heldBits
    for (heldBits += width - 24; heldBits >= 8; heldBits -= 8) {
      into[at++] = held
      held >>>= 8
    }
  }
  if (heldBits > 0) into[at++] = held
  return at
}
