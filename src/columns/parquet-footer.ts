import { instantColumns, numberColumns, wordColumns } from '../model/sample-table.ts'
import { type ByteWriter, byteWriter } from './byte-writer.ts'
import { thrift } from './thrift.ts'

/** Codes of parquet.thrift. */
export const physical = { int64: 2, double: 5, byteArray: 6 } as const
export const encoding = { plain: 0, rle: 3, delta: 5, dictionary: 8 } as const
const UTF8 = 0
const TIMESTAMP_MICROS = 10

/** Columns that every row has. */
export const required: ReadonlySet<string> = new Set(['type', 'start', 'end'])

/** Where a column lies; −1 for no dictionary. */
export interface Chunk {
  readonly name: string
  readonly type: number
  readonly encodings: readonly number[]
  readonly dictionaryAt: number
  readonly dataAt: number
  readonly size: number
}

/** FileMetaData with one row group. */
export function writeFooter(out: ByteWriter, chunks: readonly Chunk[], rows: number, dataSize: number): void {
  thrift.i32(out, 1, 2)
  out.bytes(schema)
  thrift.i64(out, 1, rows)
  thrift.list(out, 1, 12, 1)
  thrift.list(out, 1, 12, chunks.length)
  for (const chunk of chunks) writeChunk(out, chunk, rows)
  thrift.i64(out, 1, dataSize)
  thrift.i64(out, 1, rows)
  thrift.end(out)
  thrift.binary(out, 2, createdBy)
  thrift.end(out)
}

function writeChunk(out: ByteWriter, { name, type, encodings, dictionaryAt, dataAt, size }: Chunk, rows: number): void {
  thrift.i64(out, 2, dictionaryAt >= 0 ? dictionaryAt : dataAt)
  thrift.begin(out, 1)
  thrift.i32(out, 1, type)
  thrift.list(out, 1, 5, encodings.length)
  for (const code of encodings) out.zigzag(code)
  thrift.list(out, 1, 8, 1)
  const bytes = names.get(name) as Uint8Array
  out.varint(bytes.length)
  out.bytes(bytes)
  thrift.i32(out, 1, 0)
  thrift.i64(out, 1, rows)
  thrift.i64(out, 1, size)
  thrift.i64(out, 1, size)
  thrift.i64(out, 2, dataAt)
  if (dictionaryAt >= 0) thrift.i64(out, 2, dictionaryAt)
  thrift.end(out)
  thrift.end(out)
}

const encoder = new TextEncoder()
const createdBy = encoder.encode('clarity-loop')
const names = new Map<string, Uint8Array>([...wordColumns, ...instantColumns, ...numberColumns].map((name) => [name, encoder.encode(name)]))
const schema = schemaBytes()

function schemaBytes(): Uint8Array {
  const out = byteWriter()
  thrift.list(out, 1, 12, names.size + 1)
  thrift.binary(out, 4, encoder.encode('samples'))
  thrift.i32(out, 1, names.size)
  thrift.end(out)
  for (const name of wordColumns) writeColumn(out, name, physical.byteArray, UTF8)
  for (const name of instantColumns) writeColumn(out, name, physical.int64, TIMESTAMP_MICROS)
  for (const name of numberColumns) writeColumn(out, name, physical.double)
  return out.take()
}

function writeColumn(out: ByteWriter, name: string, type: number, converted?: number): void {
  thrift.i32(out, 1, type)
  thrift.i32(out, 2, required.has(name) ? 0 : 1)
  thrift.binary(out, 1, names.get(name) as Uint8Array)
  if (converted !== undefined) {
    thrift.i32(out, 2, converted)
    thrift.begin(out, 4)
    if (converted === UTF8) writeString(out)
    else writeTimestamp(out)
    thrift.end(out)
  }
  thrift.end(out)
}

function writeString(out: ByteWriter): void {
  thrift.begin(out, 1)
  thrift.end(out)
}

/** Adjusted to UTC, in microseconds. */
function writeTimestamp(out: ByteWriter): void {
  thrift.begin(out, 8)
  thrift.truth(out, 1)
  thrift.begin(out, 1)
  thrift.begin(out, 2)
  thrift.end(out)
  thrift.end(out)
  thrift.end(out)
}
