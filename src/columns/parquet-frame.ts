import type { ByteWriter } from './byte-writer.ts'
import { thrift } from './thrift.ts'

const encoder = new TextEncoder()
/** Begins and ends a Parquet file. */
export const MAGIC = encoder.encode('PAR1')
const createdBy = encoder.encode('clarity-loop')

/** Codes of parquet.thrift. */
export const encoding = { plain: 0, rle: 3, delta: 5, dictionary: 8 } as const
export const DATA_PAGE = 0
export const DICTIONARY_PAGE = 2

export interface PageHead {
  readonly type: typeof DATA_PAGE | typeof DICTIONARY_PAGE
  readonly size: number
  readonly compressedSize: number
  /** Of values. */
  readonly count: number
  readonly code: number
}

/** The header of a page (v1), which stands before it. */
export function writePageHead(out: ByteWriter, { type, size, compressedSize, count, code }: PageHead): void {
  thrift.i32(out, 1, type)
  thrift.i32(out, 1, size)
  thrift.i32(out, 1, compressedSize)
  thrift.begin(out, type === DATA_PAGE ? 2 : 4)
  thrift.i32(out, 1, count)
  thrift.i32(out, 1, code)
  if (type === DATA_PAGE) {
    thrift.i32(out, 1, encoding.rle)
    thrift.i32(out, 1, encoding.rle)
  }
  thrift.end(out)
  thrift.end(out)
}

export interface FileAbout {
  /** As FileMetaData has it. */
  readonly schema: Uint8Array
  readonly rows: number
  /** Row groups. */
  readonly groups: number
}

/** FileMetaData, in which `writeGroups` writes the row groups, its length and the mark that ends a file. */
export function endFile(out: ByteWriter, { schema, rows, groups }: FileAbout, writeGroups: () => void): void {
  const from = out.size()
  thrift.i32(out, 1, 2)
  out.bytes(schema)
  thrift.i64(out, 1, rows)
  thrift.list(out, 1, 12, groups)
  writeGroups()
  thrift.binary(out, 2, createdBy)
  thrift.end(out)
  out.int32(out.size() - from)
  out.bytes(MAGIC)
}
