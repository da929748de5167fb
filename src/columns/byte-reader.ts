/** Reads what a `ByteWriter` wrote, from `at` on. Reading past the end throws RangeError. */
export interface ByteReader {
  at: number
  readonly bytes: Uint8Array
  peek(): number
  byte(): number
  uint32(): number
  /** An integer within ±2^53. */
  int64(): number
  double(): number
  varint(): number
  zigzag(): number
  /** UTF-8. */
  text(length: number): string
}

const decoder = new TextDecoder('utf-8')

export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

  const reader: ByteReader = {
    at: 0,
    bytes,
    peek: () => view.getUint8(reader.at),
    byte: () => view.getUint8(reader.at++),
    uint32() {
      reader.at += 4
      return view.getUint32(reader.at - 4, true)
    },
    int64() {
      reader.at += 8
      return view.getInt32(reader.at - 4, true) * 0x1_0000_0000 + view.getUint32(reader.at - 8, true)
    },
    double() {
      reader.at += 8
      return view.getFloat64(reader.at - 8, true)
    },
    varint() {
      let value = 0
      let unit = 1
      for (;;) {
        const byte = view.getUint8(reader.at++)
        value += (byte & 127) * unit
        if (byte < 128) return value
        unit *= 128
      }
    },
    zigzag() {
      const value = reader.varint()
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    },
    text(length) {
      if (reader.at + length > bytes.length) throw new RangeError('samples: a text goes beyond the end')
      reader.at += length
      return decoder.decode(bytes.subarray(reader.at - length, reader.at))
    },
  }
  return reader
}
