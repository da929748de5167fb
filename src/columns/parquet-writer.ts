import { instantColumns, numberColumns, type SampleTable, wordColumns, type Words } from '../model/sample-table.ts'
import { byteWriter, type ByteWriter } from './byte-writer.ts'
import { bitWidth, writeDeltas, writeHybrid } from './encodings.ts'
import { thrift } from './thrift.ts'

/**
 * A session's samples as one Parquet file (Apache Parquet format 2.9, one row group, data pages v1, no compression: the encodings do the
 * work on files this small). Any Parquet reader opens it. Words are dictionaries; instants are TIMESTAMP(MICROS, UTC) by deltas;
 * numbers are DOUBLE, by dictionary where few differ.
 */
export function writeSamples(table: SampleTable): Uint8Array<ArrayBuffer> {
  file.reset()
  chunks.length = 0
  file.bytes(MAGIC)
  for (const name of wordColumns) writeWords(name, table.words[name], table.rows)
  for (const name of instantColumns) writeInstants(name, table.instants[name], table.rows)
  for (const name of numberColumns) writeNumbers(name, table.numbers[name], table.rows)
  const footerAt = file.length
  writeFooter(table.rows, footerAt)
  file.uint32(file.length - footerAt)
  file.bytes(MAGIC)
  return file.take()
}

const encoder = new TextEncoder()
const MAGIC = encoder.encode('PAR1')
const CREATED_BY = encoder.encode('clarity-loop')
const INT64 = 2
const DOUBLE = 5
const BYTE_ARRAY = 6
const PLAIN = 0
const RLE = 3
const DELTA = 5
const DICTIONARY = 8
const REQUIRED = new Set<string>(['type', 'start', 'end'])

interface Chunk {
  readonly name: Uint8Array
  readonly type: number
  readonly encodings: readonly number[]
  readonly dictionaryAt: number
  readonly dataAt: number
  readonly size: number
}

// One writer is used again for every file: nothing here waits, so no two files are ever in it at once.
const file = byteWriter()
const page = byteWriter()
const chunks: Chunk[] = []
const names = new Map<string, Uint8Array>([...wordColumns, ...instantColumns, ...numberColumns].map((name) => [name, encoder.encode(name)]))
let present = new Int32Array(1 << 12)
let codes = new Int32Array(1 << 12)
let values = new Float64Array(1 << 12)
const encoded = new Map<string, Uint8Array>()

function room(rows: number): void {
  if (rows <= codes.length) return
  const size = 2 ** Math.ceil(Math.log2(rows))
  present = new Int32Array(size)
  codes = new Int32Array(size)
  values = new Float64Array(size)
}

function utf8(word: string): Uint8Array {
  let bytes = encoded.get(word)
  if (bytes === undefined) {
    bytes = encoder.encode(word)
    if (encoded.size > 20_000) encoded.clear()
    encoded.set(word, bytes)
  }
  return bytes
}

function writeWords(name: string, column: Words, rows: number): void {
  room(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const code = column.codes[row] as number
    present[row] = code < 0 ? 0 : 1
    if (code >= 0) codes[count++] = code
  }
  const from = file.length
  page.reset()
  for (const word of column.words) {
    const bytes = utf8(word)
    page.uint32(bytes.length)
    page.bytes(bytes)
  }
  writePage(2, PLAIN, column.words.length)
  const dataAt = file.length
  writeCodes(name, rows, count, column.words.length)
  addChunk(name, BYTE_ARRAY, [PLAIN, RLE, DICTIONARY], from, dataAt, from)
}

function writeCodes(name: string, rows: number, count: number, distinct: number): void {
  page.reset()
  writeLevels(name, rows, count)
  const width = bitWidth(Math.max(0, distinct - 1))
  page.byte(width)
  writeHybrid(page, codes, count, width)
  writePage(0, DICTIONARY, rows)
}

/** Which rows have a value; columns that always have one say nothing. */
function writeLevels(name: string, rows: number, count: number): void {
  if (REQUIRED.has(name)) return
  levels.reset()
  if (count === rows || count === 0) {
    levels.varint(rows * 2)
    levels.byte(count === 0 ? 0 : 1)
  } else writeHybrid(levels, present, rows, 1)
  page.uint32(levels.length)
  page.bytes(levels.view())
}
const levels = byteWriter()

function writeInstants(name: string, column: Float64Array, rows: number): void {
  room(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const ms = column[row] as number
    present[row] = ms === ms ? 1 : 0
    if (ms === ms) values[count++] = Math.round(ms * 1000)
  }
  const from = file.length
  page.reset()
  writeLevels(name, rows, count)
  writeDeltas(page, values, count)
  writePage(0, DELTA, rows)
  addChunk(name, INT64, [RLE, DELTA], -1, from, from)
}

function writeNumbers(name: string, column: Float64Array, rows: number): void {
  room(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const value = column[row] as number
    present[row] = value === value ? 1 : 0
    if (value === value) values[count++] = value
  }
  const from = file.length
  const words = distinctNumbers(count)
  if (words) {
    page.reset()
    for (let k = 0; k < words.count; k++) page.double(words.numbers[k] as number)
    writePage(2, PLAIN, words.count)
    const dataAt = file.length
    writeCodes(name, rows, count, words.count)
    addChunk(name, DOUBLE, [PLAIN, RLE, DICTIONARY], from, dataAt, from)
    return
  }
  page.reset()
  writeLevels(name, rows, count)
  for (let k = 0; k < count; k++) page.double(values[k] as number)
  writePage(0, PLAIN, rows)
  addChunk(name, DOUBLE, [RLE, PLAIN], -1, from, from)
}

let slots = new Int32Array(1 << 13)
const numbers = new Float64Array(1 << 16)
const word = new Float64Array(1)
const halves = new Int32Array(word.buffer)

/** Fills `codes` and gives the dictionary when a code is smaller than the numbers themselves: fewer than two in three differ. */
function distinctNumbers(count: number): { count: number; numbers: Float64Array } | undefined {
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2)))
  if (slots.length < size) slots = new Int32Array(size)
  const mask = size - 1
  slots.fill(0, 0, size)
  const most = Math.min(numbers.length, (count * 2) / 3)
  let found = 0
  for (let k = 0; k < count; k++) {
    const value = values[k] as number
    word[0] = value
    let at = Math.imul((halves[0] as number) ^ Math.imul(halves[1] as number, 0x85ebca6b), 0x9e3779b1)
    at = (at ^ (at >>> 15)) & mask
    while (slots[at] !== 0 && !Object.is(numbers[(slots[at] as number) - 1], value)) at = (at + 1) & mask
    if (slots[at] === 0) {
      if (found >= most) return undefined
      numbers[found++] = value
      slots[at] = found
    }
    codes[k] = (slots[at] as number) - 1
  }
  return { count: found, numbers }
}

/** The header of `page`, then `page`. Type 0 is data, 2 a dictionary. */
function writePage(type: 0 | 2, encoding: number, count: number): void {
  thrift.i32(file, 1, type)
  thrift.i32(file, 1, page.length)
  thrift.i32(file, 1, page.length)
  thrift.begin(file, type === 0 ? 2 : 4)
  thrift.i32(file, 1, count)
  thrift.i32(file, 1, encoding)
  if (type === 0) {
    thrift.i32(file, 1, RLE)
    thrift.i32(file, 1, RLE)
  }
  thrift.end(file)
  thrift.end(file)
  file.bytes(page.view())
}

function addChunk(name: string, type: number, encodings: readonly number[], dictionaryAt: number, dataAt: number, from: number): void {
  chunks.push({ name: names.get(name) as Uint8Array, type, encodings, dictionaryAt, dataAt, size: file.length - from })
}

function writeFooter(rows: number, dataEnd: number): void {
  thrift.i32(file, 1, 2)
  file.bytes(SCHEMA)
  thrift.i64(file, 1, rows)
  thrift.list(file, 1, 12, 1)
  thrift.list(file, 1, 12, chunks.length)
  for (const chunk of chunks) writeChunkMetadata(chunk, rows)
  thrift.i64(file, 1, dataEnd - MAGIC.length)
  thrift.i64(file, 1, rows)
  thrift.end(file)
  thrift.binary(file, 2, CREATED_BY)
  thrift.end(file)
}

function writeChunkMetadata(chunk: Chunk, rows: number): void {
  const first = chunk.dictionaryAt >= 0 ? chunk.dictionaryAt : chunk.dataAt
  thrift.i64(file, 2, first)
  thrift.begin(file, 1)
  thrift.i32(file, 1, chunk.type)
  thrift.list(file, 1, 5, chunk.encodings.length)
  for (const encoding of chunk.encodings) file.zigzag(encoding)
  thrift.list(file, 1, 8, 1)
  file.varint(chunk.name.length)
  file.bytes(chunk.name)
  thrift.i32(file, 1, 0)
  thrift.i64(file, 1, rows)
  thrift.i64(file, 1, chunk.size)
  thrift.i64(file, 1, chunk.size)
  thrift.i64(file, 2, chunk.dataAt)
  if (chunk.dictionaryAt >= 0) thrift.i64(file, 2, chunk.dictionaryAt)
  thrift.end(file)
  thrift.end(file)
}

const SCHEMA = schemaBytes()

function schemaBytes(): Uint8Array {
  const out = byteWriter()
  const columns = [
    ...wordColumns.map((name) => ({ name, type: BYTE_ARRAY, converted: 0 })),
    ...instantColumns.map((name) => ({ name, type: INT64, converted: 10 })),
    ...numberColumns.map((name) => ({ name, type: DOUBLE, converted: -1 })),
  ]
  thrift.list(out, 1, 12, columns.length + 1)
  thrift.binary(out, 4, encoder.encode('samples'))
  thrift.i32(out, 1, columns.length)
  thrift.end(out)
  for (const { name, type, converted } of columns) {
    thrift.i32(out, 1, type)
    thrift.i32(out, 2, REQUIRED.has(name) ? 0 : 1)
    thrift.binary(out, 1, names.get(name) as Uint8Array)
    if (converted >= 0) {
      thrift.i32(out, 2, converted)
      writeLogicalType(out, type)
    }
    thrift.end(out)
  }
  return out.take()
}

function writeLogicalType(out: ByteWriter, type: number): void {
  thrift.begin(out, 4)
  if (type === BYTE_ARRAY) {
    thrift.begin(out, 1)
    thrift.end(out)
  } else {
    thrift.begin(out, 8)
    thrift.truth(out, 1)
    thrift.begin(out, 1)
    thrift.begin(out, 2)
    thrift.end(out)
    thrift.end(out)
    thrift.end(out)
  }
  thrift.end(out)
}
