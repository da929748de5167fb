import {
  type InstantColumn,
  instantColumns,
  makeTable,
  type NumberColumn,
  noNumbers,
  noWords,
  type SampleTable,
  type WordColumn,
  type Words,
} from '../model/sample-table.ts'
import { type ByteReader, byteReader } from './byte-reader.ts'
import { apart, codeRoom, presenceRoom, type Rooms, together, zeros } from './column-rooms.ts'
import { readDeltas, readHybrid } from './decodings.ts'
import { readWord } from './known-words.ts'
import { MICROS, refine } from './micros.ts'
import { type ChunkPlace, readFooter } from './parquet-footer.ts'
import { encoding } from './parquet-frame.ts'
import { required } from './parquet-schema.ts'
import { integerField } from './thrift.ts'

export type SampleColumn = WordColumn | InstantColumn | NumberColumn

/**
 * The samples of a file that `encodeSamples` made, column by column straight into typed arrays; columns that are not `wanted` are empty.
 * Undefined for a file by anybody else, which another reader must read.
 */
export function decodeSamples(bytes: Uint8Array, wanted?: readonly SampleColumn[]): SampleTable | undefined {
  const file = byteReader(bytes)
  const group = readFooter(file)
  if (group === undefined) return undefined
  const { chunks, rows } = group
  const chunkOf = (name: SampleColumn) => (wanted === undefined || wanted.includes(name) ? named(chunks, name) : undefined)
  const room = { rows, rooms: wanted === undefined ? apart : together }
  const instants = instantsOf(file, chunks, room, wanted && withStart(wanted))
  const none = noWords(rows)
  return makeTable(rows, {
    words: (name) => wordsOf(file, chunkOf(name), room) ?? none,
    instants: (name) => instants[name],
    numbers: (name) => numbersOf(file, chunkOf(name), room),
  })
}

function named(chunks: readonly ChunkPlace[], name: string): ChunkPlace | undefined {
  for (const chunk of chunks) if (chunk.name === name) return chunk
  return undefined
}

interface Room {
  readonly rows: number
  readonly rooms: Rooms
}

/** An end that is not in the file is the start. */
export function withStart(wanted: readonly SampleColumn[]): readonly SampleColumn[] {
  return wanted.includes('end') && !wanted.includes('start') ? [...wanted, 'start'] : wanted
}

function instantsOf(
  file: ByteReader,
  chunks: readonly ChunkPlace[],
  room: Room,
  wanted: readonly SampleColumn[] = instantColumns,
): Readonly<Record<InstantColumn, Float64Array>> {
  const { rows } = room
  const times = (name: InstantColumn) => (wanted.includes(name) ? timesOf(file, named(chunks, name), room) : undefined)
  const [start, end, created] = [times('start'), times('end'), times('created')]
  if (start) refine({ start, end, created }, microsOf(file, named(chunks, MICROS), rows))
  return { start: start ?? noNumbers(rows), end: end ?? noNumbers(rows), created: created ?? noNumbers(rows) }
}

/** Zero for none; undefined where no row has any. */
function microsOf(file: ByteReader, chunk: ChunkPlace | undefined, rows: number): Int32Array | undefined {
  if (chunk === undefined) return undefined
  const { count, present } = openData(file, chunk, rows)
  if (count === 0) return undefined
  const micros = new Int32Array(rows)
  for (let k = 0; k < count; k++) micros[k] = file.uint32()
  return present === undefined ? micros : spread(micros, present, count, 0)
}

/** Undefined where no row has any. */
function wordsOf(file: ByteReader, chunk: ChunkPlace | undefined, { rows, rooms }: Room): Words | undefined {
  if (chunk === undefined) return undefined
  const words = dictionaryOf(file, chunk, () => readWord(file))
  const { count, present } = openData(file, chunk, rows)
  if (count === 0) return undefined
  const codes = rooms.codes(rows)
  readCodes(file, count, codes)
  return { codes: present === undefined ? codes : spread(codes, present, count, -1), words }
}

function timesOf(file: ByteReader, chunk: ChunkPlace | undefined, { rows, rooms }: Room): Float64Array {
  const ms = rooms.doubles(rows)
  if (chunk === undefined) return ms.fill(Number.NaN)
  const { count, present, code } = openData(file, chunk, rows)
  if (code === encoding.delta) readDeltas(file, count, ms)
  else for (let k = 0; k < count; k++) ms[k] = file.int64()
  return present === undefined ? ms : spread(ms, present, count, Number.NaN)
}

function numbersOf(file: ByteReader, chunk: ChunkPlace | undefined, { rows, rooms }: Room): Float64Array {
  if (chunk === undefined) return noNumbers(rows)
  const dictionary = chunk.dictionaryAt < 0 ? undefined : dictionaryOf(file, chunk, () => file.double())
  const { count, present } = openData(file, chunk, rows)
  if (count === 0) return noNumbers(rows)
  const numbers = rooms.doubles(rows)
  if (dictionary === undefined) for (let k = 0; k < count; k++) numbers[k] = file.double()
  else {
    const codes = readCodes(file, count, codeRoom(rows))
    for (let k = 0; k < count; k++) numbers[k] = dictionary[codes[k] as number] as number
  }
  return present === undefined ? numbers : spread(numbers, present, count, Number.NaN)
}

function dictionaryOf<T>(file: ByteReader, chunk: ChunkPlace, read: () => T): T[] {
  file.at = chunk.dictionaryAt
  const { count } = pageHeader(file)
  const words: T[] = []
  for (let k = 0; k < count; k++) words.push(read())
  return words
}

interface Data {
  readonly code: number
  /** Rows with a value. */
  readonly count: number
  /** 1 where a row has one; undefined where all or none have: then `count` says it. */
  readonly present?: Int32Array
}

/** Leaves the file at the first value. */
function openData(file: ByteReader, chunk: ChunkPlace, rows: number): Data {
  file.at = chunk.dataAt
  const { code } = pageHeader(file)
  if (required.has(chunk.name)) return { code, count: rows }
  const end = file.uint32() + file.at
  const all = wholeRun(file, rows)
  if (all !== undefined) {
    file.at = end
    return { code, count: all === 1 ? rows : 0, ...(all === 0 && { present: zeros(rows) }) }
  }
  const present = readHybrid(file, rows, 1, presenceRoom(rows))
  file.at = end
  let count = 0
  for (let row = 0; row < rows; row++) count += present[row] as number
  return count === rows ? { code, count } : { code, count, present }
}

/** What all rows say, where they are one run. */
function wholeRun(file: ByteReader, rows: number): number | undefined {
  const from = file.at
  const header = file.varint()
  if (header === rows * 2) return file.byte()
  file.at = from
  return undefined
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
  const type = integerField(file)
  for (let k = 0; k < 2; k++) integerField(file)
  file.at += 1
  const count = integerField(file)
  const code = integerField(file)
  while (type === 0 && file.peek() === ID) integerField(file)
  file.at += 2
  return { count, code }
}
