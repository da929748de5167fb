import { type ByteWriter, byteWriter } from './byte-writer.ts'
import { encoding, endFile } from './parquet-frame.ts'
import { physical } from './parquet-schema.ts'
import { thrift } from './thrift.ts'

/** Where a column's one page lies; sizes with its header. */
export interface Written {
  readonly dataAt: number
  readonly size: number
  readonly compressedSize: number
}

const UTF8 = 0
const SNAPPY = 1

const encoder = new TextEncoder()

/** In the order of the file, each required. */
const columns = [
  { name: encoder.encode('path'), type: physical.byteArray },
  { name: encoder.encode('version'), type: physical.int32 },
  { name: encoder.encode('at'), type: physical.byteArray },
  { name: encoder.encode('body'), type: physical.byteArray },
] as const

const schema = schemaBytes()

/** FileMetaData of one row group, its length and the mark that ends a file. */
export function endArchive(out: ByteWriter, written: readonly Written[], rows: number): void {
  endFile(out, { schema, rows, groups: 1 }, () => {
    thrift.list(out, 1, 12, columns.length)
    for (const [n, column] of columns.entries()) writeChunk(out, column, written[n] as Written, rows)
    thrift.i64(out, 1, sum(written))
    thrift.i64(out, 1, rows)
    thrift.end(out)
  })
}

function writeChunk(out: ByteWriter, { name, type }: (typeof columns)[number], { dataAt, size, compressedSize }: Written, rows: number) {
  thrift.i64(out, 2, dataAt)
  thrift.begin(out, 1)
  thrift.i32(out, 1, type)
  thrift.list(out, 1, 5, 1)
  out.zigzag(encoding.plain)
  thrift.list(out, 1, 8, 1)
  out.varint(name.length)
  out.bytes(name)
  thrift.i32(out, 1, SNAPPY)
  thrift.i64(out, 1, rows)
  thrift.i64(out, 1, size)
  thrift.i64(out, 1, compressedSize)
  thrift.i64(out, 2, dataAt)
  thrift.end(out)
  thrift.end(out)
}

function sum(written: readonly Written[]): number {
  return written.reduce((so, column) => so + column.size, 0)
}

function schemaBytes(): Uint8Array {
  const out = byteWriter()
  thrift.list(out, 1, 12, columns.length + 1)
  thrift.binary(out, 4, encoder.encode('root'))
  thrift.i32(out, 1, columns.length)
  thrift.end(out)
  for (const { name, type } of columns) {
    thrift.i32(out, 1, type)
    thrift.i32(out, 2, 0)
    thrift.binary(out, 1, name)
    if (type === physical.byteArray) thrift.i32(out, 2, UTF8)
    thrift.end(out)
  }
  return out.take()
}
