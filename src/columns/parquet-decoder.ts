import {
  type InstantColumn,
  instantColumns,
  makeTable,
  type NumberColumn,
  type SampleTable,
  type WordColumn,
  type Words,
} from '../model/sample-table.ts'
import { type ByteReader, byteReader } from './byte-reader.ts'
import { readDeltas, readHybrid } from './decodings.ts'
import { MICROS, refine } from './micros.ts'
import { type Chunk, encoding, readFooter, required } from './parquet-footer.ts'

export type SampleColumn = WordColumn | InstantColumn | NumberColumn

/**
 * The samples of a file that `encodeSamples` made, column by column straight into typed arrays; columns that are not `wanted` are empty.
 * Undefined for a file by anybody else, which another reader must read.
 */
export function decodeSamples(bytes: Uint8Array, wanted?: readonly SampleColumn[]): SampleTable | undefined {
  const file = byteReader(bytes)
  const group = readFooter(file)
  if (group === undefined) return undefined
  const { rows } = group
  const chunks = new Map(group.chunks.map((chunk) => [chunk.name, chunk]))
  const chunkOf = (name: SampleColumn) => (wanted === undefined || wanted.includes(name) ? chunks.get(name) : undefined)
  const instants = instantsOf(file, chunks, rows, wanted && withStart(wanted))
  return makeTable(rows, {
    words: (name) => wordsOf(file, chunkOf(name), rows),
    instants: (name) => instants[name],
    numbers: (name) => numbersOf(file, chunkOf(name), rows),
  })
}

/** An end that is not in the file is the start. */
export function withStart(wanted: readonly SampleColumn[]): readonly SampleColumn[] {
  return wanted.includes('end') && !wanted.includes('start') ? [...wanted, 'start'] : wanted
}

function instantsOf(
  file: ByteReader,
  chunks: ReadonlyMap<string, Chunk>,
  rows: number,
  wanted: readonly SampleColumn[] = instantColumns,
): Readonly<Record<InstantColumn, Float64Array>> {
  const times = (name: InstantColumn) =>
    wanted.includes(name) ? timesOf(file, chunks.get(name), rows) : new Float64Array(rows).fill(Number.NaN)
  const instants = { start: times('start'), end: times('end'), created: times('created') }
  const isAnyWanted = instantColumns.some((name) => wanted.includes(name))
  if (isAnyWanted) refine(instants, microsOf(file, chunks.get(MICROS), rows))
  return instants
}

/** Zero for none; undefined where no row has any. */
function microsOf(file: ByteReader, chunk: Chunk | undefined, rows: number): Int32Array | undefined {
  if (chunk === undefined) return undefined
  const { count, present } = openData(file, chunk, rows)
  if (count === 0) return undefined
  const micros = new Int32Array(rows)
  for (let k = 0; k < count; k++) micros[k] = file.uint32()
  return present === undefined ? micros : spread(micros, present, count, 0)
}

function wordsOf(file: ByteReader, chunk: Chunk | undefined, rows: number): Words {
  const codes = new Int32Array(rows)
  if (chunk === undefined) return { codes: codes.fill(-1), words: [] }
  const words = dictionaryOf(file, chunk, () => file.text(file.uint32()))
  const { count, present } = openData(file, chunk, rows)
  readCodes(file, count, codes)
  return { codes: present === undefined ? codes : spread(codes, present, count, -1), words }
}

function timesOf(file: ByteReader, chunk: Chunk | undefined, rows: number): Float64Array {
  const ms = new Float64Array(rows)
  if (chunk === undefined) return ms.fill(Number.NaN)
  const { count, present, code } = openData(file, chunk, rows)
  if (code === encoding.delta) readDeltas(file, count, ms)
  else for (let k = 0; k < count; k++) ms[k] = file.int64()
  return present === undefined ? ms : spread(ms, present, count, Number.NaN)
}

function numbersOf(file: ByteReader, chunk: Chunk | undefined, rows: number): Float64Array {
  const numbers = new Float64Array(rows)
  if (chunk === undefined) return numbers.fill(Number.NaN)
  const dictionary = chunk.dictionaryAt < 0 ? undefined : dictionaryOf(file, chunk, () => file.double())
  const { count, present } = openData(file, chunk, rows)
  if (dictionary === undefined) for (let k = 0; k < count; k++) numbers[k] = file.double()
  else {
    const codes = readCodes(file, count, room(rows))
    for (let k = 0; k < count; k++) numbers[k] = dictionary[codes[k] as number] as number
  }
  return present === undefined ? numbers : spread(numbers, present, count, Number.NaN)
}

function dictionaryOf<T>(file: ByteReader, chunk: Chunk, read: () => T): T[] {
  file.at = chunk.dictionaryAt
  const { count } = pageHeader(file)
  return Array.from({ length: count }, read)
}

interface Data {
  readonly code: number
  /** Rows with a value. */
  readonly count: number
  /** 1 where a row has one; undefined where all or none have: then `count` says it. */
  readonly present?: Int32Array
}

/** Leaves the file at the first value. */
function openData(file: ByteReader, chunk: Chunk, rows: number): Data {
  file.at = chunk.dataAt
  const { code } = pageHeader(file)
  if (required.has(chunk.name)) return { code, count: rows }
  const end = file.uint32() + file.at
  const present = readHybrid(file, rows, 1, presence(rows))
  file.at = end
  let count = 0
  for (let row = 0; row < rows; row++) count += present[row] as number
  return count === rows ? { code, count } : { code, count, present }
}

function readCodes(file: ByteReader, count: number, into: Int32Array): Int32Array {
  return count === 0 ? into : readHybrid(file, count, file.byte(), into)
}

/** Moves `count` values from the front to the rows that have one, from the last on, so that none is overwritten before it is moved. */
function spread<T extends Int32Array | Float64Array>(values: T, present: Int32Array, count: number, none: number): T {
  let from = count
  for (let row = values.length - 1; row >= 0; row--) values[row] = present[row] === 1 ? (values[--from] as number) : none
  return values
}

const ID = 0x15

function pageHeader(file: ByteReader): { count: number; code: number } {
  file.at += 1
  const type = file.zigzag()
  for (let k = 0; k < 2; k++) {
    file.at += 1
    file.zigzag()
  }
  file.at += 2
  const count = file.zigzag()
  file.at += 1
  const code = file.zigzag()
  while (type === 0 && file.peek() === ID) {
    file.at += 1
    file.zigzag()
  }
  file.at += 2
  return { count, code }
}

// Used again for every column: nothing here waits.
let codeRoom = new Int32Array(1 << 12)
let presenceRoom = new Int32Array(1 << 12)

function room(rows: number): Int32Array {
  if (rows > codeRoom.length) codeRoom = new Int32Array(2 ** Math.ceil(Math.log2(rows)))
  return codeRoom
}

function presence(rows: number): Int32Array {
  if (rows > presenceRoom.length) presenceRoom = new Int32Array(2 ** Math.ceil(Math.log2(rows)))
  return presenceRoom
}
