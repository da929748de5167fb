import type { ByteReader } from './byte-reader.ts'
import { type ByteWriter, byteWriter } from './byte-writer.ts'
import { endFile, MAGIC } from './parquet-frame.ts'
import { columnNames, schema } from './parquet-schema.ts'
import { integerField, thrift } from './thrift.ts'

/** Where a column lies; −1 for no dictionary. */
export interface ChunkPlace {
  readonly name: string
  readonly dictionaryAt: number
  readonly dataAt: number
}

export interface Chunk extends ChunkPlace {
  readonly type: number
  readonly encodings: readonly number[]
  readonly size: number
}

/** One row group: a session. Its chunks' places count from `offset`. */
export interface RowGroup {
  readonly chunks: readonly Chunk[]
  readonly rows: number
  readonly offset: number
}

/** FileMetaData of one row group, its length and the mark that ends a file. */
export function writeFooter(out: ByteWriter, group: RowGroup): void {
  endFile(out, { schema, rows: group.rows, groups: 1 }, () => writeGroup(out, group))
}

/** The same of several: `written` is what `writeGroup` made of each. */
export function writeFooterOf(
  out: ByteWriter,
  written: ByteWriter,
  { rows, groups }: { readonly rows: number; readonly groups: number },
): void {
  endFile(out, { schema, rows, groups }, () => out.all(written))
}

/** Where the columns of the one row group of a file lie that `writeFooter` ended; undefined for any other file. */
export function readFooter(file: ByteReader): { readonly chunks: readonly ChunkPlace[]; readonly rows: number } | undefined {
  const { bytes } = file
  file.at = bytes.length - 8
  if (bytes.length < 12 || !standsAt(bytes, bytes.length - 4, MAGIC)) return undefined
  file.at = bytes.length - 8 - file.uint32()
  if (file.at < MAGIC.length || file.byte() !== VERSION_FIELD || file.zigzag() !== 2 || !standsAt(bytes, file.at, schema)) return undefined
  file.at += schema.length + 1
  file.zigzag()
  file.at += 1
  if (file.byte() !== ONE_STRUCT) return undefined
  const count = listLength(file)
  const chunks: ChunkPlace[] = []
  for (let k = 0; k < count; k++) chunks.push(readChunk(file, names[k]))
  integerField(file)
  return { chunks, rows: integerField(file) }
}

const VERSION_FIELD = 0x15
const ONE_STRUCT = 0x1c
const I64_NEXT_BUT_ONE = 0x26

function listLength(file: ByteReader): number {
  file.at += 1
  const first = file.byte() >>> 4
  return first === 15 ? file.varint() : first
}

/** As `writeChunk` wrote it, field by field. */
function readChunk(file: ByteReader, expected: string | undefined): ChunkPlace {
  integerField(file)
  file.at += 1
  integerField(file)
  for (let left = listLength(file); left > 0; left--) file.zigzag()
  listLength(file)
  const name = readName(file, expected)
  for (let k = 0; k < 4; k++) integerField(file)
  const dataAt = integerField(file)
  const hasDictionary = file.byte() === I64_NEXT_BUT_ONE
  const dictionaryAt = hasDictionary ? file.zigzag() : -1
  file.at += hasDictionary ? 2 : 1
  return { name, dictionaryAt, dataAt }
}

/** The schema's order is that of the chunks: no text is made of a name that stands where it is expected. */
function readName(file: ByteReader, expected: string | undefined): string {
  const length = file.varint()
  const bytes = expected === undefined ? undefined : columnNames.get(expected)
  if (expected === undefined || bytes?.length !== length || !standsAt(file.bytes, file.at, bytes)) return file.text(length)
  file.at += length
  return expected
}

const names = [...columnNames.keys()]

function standsAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let k = 0; k < expected.length; k++) if (bytes[at + k] !== expected[k]) return false
  return true
}

export function writeGroup(out: ByteWriter, { chunks, rows, offset }: RowGroup): void {
  thrift.list(out, 1, 12, chunks.length)
  let size = 0
  for (const chunk of chunks) {
    writeChunk(out, chunk, rows, offset)
    size += chunk.size
  }
  thrift.i64(out, 1, size)
  thrift.i64(out, 1, rows)
  thrift.end(out)
}

function writeChunk(out: ByteWriter, chunk: Chunk, rows: number, offset: number): void {
  const { size } = chunk
  const dictionaryAt = chunk.dictionaryAt < 0 ? -1 : chunk.dictionaryAt + offset
  const dataAt = chunk.dataAt + offset
  thrift.i64(out, 2, dictionaryAt >= 0 ? dictionaryAt : dataAt)
  out.bytes(description(chunk))
  thrift.i64(out, 1, rows)
  thrift.i64(out, 1, size)
  thrift.i64(out, 1, size)
  thrift.i64(out, 2, dataAt)
  if (dictionaryAt >= 0) thrift.i64(out, 2, dictionaryAt)
  thrift.end(out)
  thrift.end(out)
}

const descriptions = new WeakMap<readonly number[], Map<string, Uint8Array>>()

/** What a chunk's metadata begin with, the same in every file for a column and its encodings; those of the writer are always the same arrays. */
function description(chunk: Chunk): Uint8Array {
  let known = descriptions.get(chunk.encodings)
  if (known === undefined) {
    known = new Map()
    descriptions.set(chunk.encodings, known)
  }
  let bytes = known.get(chunk.name)
  if (bytes === undefined) {
    bytes = describe(chunk)
    known.set(chunk.name, bytes)
  }
  return bytes
}

function describe({ name, type, encodings }: Chunk): Uint8Array {
  const out = byteWriter()
  thrift.begin(out, 1)
  thrift.i32(out, 1, type)
  thrift.list(out, 1, 5, encodings.length)
  for (const code of encodings) out.zigzag(code)
  thrift.list(out, 1, 8, 1)
  const bytes = columnNames.get(name) as Uint8Array
  out.varint(bytes.length)
  out.bytes(bytes)
  thrift.i32(out, 1, 0)
  return out.take()
}
