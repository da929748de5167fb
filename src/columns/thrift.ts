import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** The part of Thrift's compact protocol that Parquet's footers need. Field ids must ascend within a struct by less than 16. */
export const thrift = {
  i32(out: ByteWriter, delta: number, value: number): void {
    out.byte((delta << 4) | 5)
    out.zigzag(value)
  },
  i64(out: ByteWriter, delta: number, value: number): void {
    out.byte((delta << 4) | 6)
    out.zigzag(value)
  },
  binary(out: ByteWriter, delta: number, value: Uint8Array): void {
    out.byte((delta << 4) | 8)
    out.varint(value.length)
    out.bytes(value)
  },
  list(out: ByteWriter, delta: number, elementType: 5 | 8 | 12, count: number): void {
    out.byte((delta << 4) | 9)
    if (count < 15) out.byte((count << 4) | elementType)
    else {
      out.byte(0xf0 | elementType)
      out.varint(count)
    }
  },
  truth(out: ByteWriter, delta: number): void {
    out.byte((delta << 4) | 1)
  },
  begin(out: ByteWriter, delta: number): void {
    out.byte((delta << 4) | 12)
  },
  end(out: ByteWriter): void {
    out.byte(0)
  },
}

/** The value of an integer field, whichever it is: a byte that says so, then the value. */
export function integerField(file: ByteReader): number {
  file.at += 1
  return file.zigzag()
}
