import { instantColumns, numberColumns, wordColumns } from '../model/sample-table.ts'
import { type ByteWriter, byteWriter } from './byte-writer.ts'
import { MICROS } from './micros.ts'
import { thrift } from './thrift.ts'

/** Codes of parquet.thrift. */
export const physical = { int32: 1, int64: 2, double: 5, byteArray: 6 } as const
const UTF8 = 0
const DATE = 6
const TIMESTAMP_MILLIS = 9

/** What is the same for all rows of a session; stands before its samples' own columns. */
export const sessionColumns = ['date', 'source'] as const

/** Columns that every row has. */
export const required: ReadonlySet<string> = new Set([...sessionColumns, 'type', 'start'])

const encoder = new TextEncoder()
/** Each column's name as bytes, in the order of the file. */
export const columnNames: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>(
  [...sessionColumns, ...wordColumns, ...instantColumns, MICROS, ...numberColumns].map((name) => [name, encoder.encode(name)]),
)
/** The schema within FileMetaData, the same in every file. */
export const schema = schemaBytes()

function schemaBytes(): Uint8Array {
  const out = byteWriter()
  thrift.list(out, 1, 12, columnNames.size + 1)
  thrift.binary(out, 4, encoder.encode('samples'))
  thrift.i32(out, 1, columnNames.size)
  thrift.end(out)
  writeColumn(out, 'date', physical.int32, DATE)
  for (const name of ['source', ...wordColumns]) writeColumn(out, name, physical.byteArray, UTF8)
  for (const name of instantColumns) writeColumn(out, name, physical.int64, TIMESTAMP_MILLIS)
  writeColumn(out, MICROS, physical.int32)
  for (const name of numberColumns) writeColumn(out, name, physical.double)
  return out.take()
}

function writeColumn(out: ByteWriter, name: string, type: number, converted?: number): void {
  thrift.i32(out, 1, type)
  thrift.i32(out, 2, required.has(name) ? 0 : 1)
  thrift.binary(out, 1, columnNames.get(name) as Uint8Array)
  if (converted !== undefined) {
    thrift.i32(out, 2, converted)
    thrift.begin(out, 4)
    if (converted === UTF8) writeBare(out, 1)
    else if (converted === DATE) writeBare(out, 6)
    else writeTimestamp(out)
    thrift.end(out)
  }
  thrift.end(out)
}

/** A logical type that its number says all of: STRING is 1, DATE 6. */
function writeBare(out: ByteWriter, number: number): void {
  thrift.begin(out, number)
  thrift.end(out)
}

/** Adjusted to UTC, in milliseconds. */
function writeTimestamp(out: ByteWriter): void {
  thrift.begin(out, 8)
  thrift.truth(out, 1)
  thrift.begin(out, 1)
  thrift.begin(out, 1)
  thrift.end(out)
  thrift.end(out)
  thrift.end(out)
}
