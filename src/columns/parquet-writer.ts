import { isWithout, numberColumns, type SampleTable, type Words, wordColumns } from '../model/sample-table.ts'
import { byteWriter } from './byte-writer.ts'
import { distinctNumbers } from './distinct-numbers.ts'
import { bitWidth, writeDeltas, writeHybrid } from './encodings.ts'
import { MICROS, microsOf, wholeMs } from './micros.ts'
import { type Chunk, type RowGroup, writeFooter } from './parquet-footer.ts'
import { DATA_PAGE, DICTIONARY_PAGE, encoding, MAGIC, writePageHead } from './parquet-frame.ts'
import { physical, required } from './parquet-schema.ts'

/** Whose the samples are; a column of its own each, so that a file says it without its name. */
export interface SessionLabel {
  readonly date: string
  readonly source: string
}

/** A session's file, good until the next is encoded. */
export interface EncodedSamples extends Omit<RowGroup, 'offset'> {
  readonly bytes: Uint8Array
}

/**
 * A session's samples as one Parquet file (Apache Parquet format 2.9, one row group, data pages v1, no compression: the encodings do the
 * work on files this small). Any Parquet reader opens it. Words are dictionaries; instants are TIMESTAMP(MILLIS, UTC) by deltas, with what
 * they have beyond the millisecond beside them, and no `end` where it is `start`;
 * numbers are DOUBLE, by dictionary where few differ.
 *
 * Kept exactly: instants of whole microseconds, numbers with −0 and ±Infinity (NaN is none), all Unicode text; half a surrogate pair
 * becomes U+FFFD. Throws RangeError without rows, where a row lacks `type`, `start` or `end`, and for an instant beyond ±2^53 µs (the
 * years 1684 to 2255).
 */
export function encodeSamples(table: SampleTable, { date, source }: SessionLabel): EncodedSamples {
  if (table.rows < 1) throw new RangeError('samples: a session has at least one')
  const { rows } = table
  const chunks: Chunk[] = []
  file.reset()
  room(rows)
  file.bytes(MAGIC)
  page.reset()
  page.int32(daysSince1970(date))
  chunks.push(writeConstant('date', physical.int32, rows))
  page.reset()
  addText(source)
  chunks.push(writeConstant('source', physical.byteArray, rows))
  for (const name of wordColumns) chunks.push(writeWords(name, table.words[name], rows))
  chunks.push(...writeInstants(table))
  for (const name of numberColumns) chunks.push(writeNumbers(name, table.numbers[name], rows))
  writeFooter(file, { chunks, rows, offset: 0 })
  return { bytes: file.view(), rows, chunks }
}

// One writer is used again for every file: nothing here waits, so no two files are ever in it at once.
const file = byteWriter()
const page = byteWriter()
const levels = byteWriter()
const encoder = new TextEncoder()
const encoded = new Map<string, Uint8Array>()
let present = new Int32Array(1 << 12)
let codes = new Int32Array(1 << 12)
let values = new Float64Array(1 << 12)

function room(rows: number): void {
  if (rows <= codes.length) return
  const size = 2 ** Math.ceil(Math.log2(rows))
  present = new Int32Array(size)
  codes = new Int32Array(size)
  values = new Float64Array(size)
}

const DAY_MS = 86_400_000

function daysSince1970(date: string): number {
  return Date.parse(date) / DAY_MS
}

function addText(word: string): void {
  const bytes = utf8(word)
  page.int32(bytes.length)
  page.bytes(bytes)
}

/** The one value, which stands in `page`, for all rows. */
function writeConstant(name: string, type: number, rows: number): Chunk {
  const from = file.size()
  writePage(DICTIONARY_PAGE, encoding.plain, 1)
  const dataAt = file.size()
  page.reset()
  page.byte(0)
  page.varint(rows * 2)
  writePage(DATA_PAGE, encoding.dictionary, rows)
  return chunkOf(name, type, BY_DICTIONARY, from, dataAt)
}

function writeWords(name: string, column: Words, rows: number): Chunk {
  if (column.words.length === 0 && !required.has(name)) return writeNoWords(name, rows)
  const count = column.words.length === 0 ? 0 : presentCodes(column.codes, rows)
  const from = file.size()
  page.reset()
  for (const word of column.words) addText(word)
  writePage(DICTIONARY_PAGE, encoding.plain, column.words.length)
  const dataAt = file.size()
  writeCodes(name, rows, count, column.words.length, count === rows ? column.codes : codes)
  return chunkOf(name, physical.byteArray, BY_DICTIONARY, from, dataAt)
}

// Half of the columns of most files have nothing in them: of one number of rows they are the same bytes.
const noWords = { rows: -1, bytes: new Uint8Array(), dataAt: 0 }

function writeNoWords(name: string, rows: number): Chunk {
  const from = file.size()
  if (noWords.rows !== rows) {
    page.reset()
    writePage(DICTIONARY_PAGE, encoding.plain, 0)
    noWords.dataAt = file.size() - from
    writeCodes(name, rows, 0, 0, codes)
    noWords.bytes = file.view().slice(from)
    noWords.rows = rows
  } else file.bytes(noWords.bytes)
  return chunkOf(name, physical.byteArray, BY_DICTIONARY, from, from + noWords.dataAt)
}

/** How many rows have a word. Where all have one their codes are as they are; else those that there are move together into `codes`. */
function presentCodes(column: Int32Array, rows: number): number {
  let count = 0
  while (count < rows && (column[count] as number) >= 0) count++
  if (count === rows) return rows
  count = 0
  for (let row = 0; row < rows; row++) {
    const code = column[row] as number
    present[row] = code < 0 ? 0 : 1
    if (code >= 0) codes[count++] = code
  }
  return count
}

/** Characters. Longer ones, workouts and the like, hardly come twice, and would be kept by the megabyte. */
const LONGEST_REMEMBERED = 200

function utf8(word: string): Uint8Array {
  if (word.length > LONGEST_REMEMBERED) return encoder.encode(word)
  let bytes = encoded.get(word)
  if (bytes === undefined) {
    bytes = encoder.encode(word)
    if (encoded.size > 20_000) encoded.clear()
    encoded.set(word, bytes)
  }
  return bytes
}

function writeCodes(name: string, rows: number, count: number, distinct: number, codes: Int32Array): void {
  page.reset()
  writeLevels(name, rows, count)
  const width = bitWidth(Math.max(0, distinct - 1))
  page.byte(width)
  writeHybrid(page, codes, count, width)
  writePage(DATA_PAGE, encoding.dictionary, rows)
}

/** Which rows have a value; columns that always have one say nothing. */
function writeLevels(name: string, rows: number, count: number): void {
  if (required.has(name)) {
    if (count < rows) throw new RangeError(`samples: ${rows - count} of ${rows} lack a ${name}`)
    return
  }
  levels.reset()
  if (count === rows || count === 0) {
    levels.varint(rows * 2)
    levels.byte(count === 0 ? 0 : 1)
  } else writeHybrid(levels, present, rows, 1)
  page.int32(levels.size())
  page.all(levels)
}

function writeInstants({ rows, instants: { start, end, created } }: SampleTable): Chunk[] {
  const isFine = goesBelowMs(start, rows) || goesBelowMs(end, rows) || goesBelowMs(created, rows)
  values.set(start.length === rows ? start : start.subarray(0, rows))
  const starts = writeTimes('start', rows, rows, isFine)
  const ends = writeTimes('end', rows, takeEnds(start, end, rows), isFine)
  const creations = writeTimes('created', rows, takeNumbers(created, rows), isFine)
  return [starts, ends, creations, writeMicros(rows, isFine ? takeMicros({ start, end, created }, rows) : 0)]
}

/** Whether any of these instants is no whole millisecond. */
function goesBelowMs(column: Float64Array, rows: number): boolean {
  if (isWithout(column)) return false
  for (let row = 0; row < rows; row++) {
    const ms = column[row] as number
    if (ms > Math.floor(ms)) return true
  }
  return false
}

// Each value is written, and written over where it does not count: a branch would keep V8's first compiler from doubles without a box.

function takeEnds(start: Float64Array, end: Float64Array, rows: number): number {
  let count = 0
  for (let row = 0; row < rows; row++) {
    const ms = end[row] as number
    const isSpan = ms === start[row] ? 0 : 1
    present[row] = isSpan
    values[count] = ms
    count += isSpan
  }
  return count
}

/** The numbers of a column, without its gaps. */
function takeNumbers(column: Float64Array, rows: number): number {
  let count = 0
  if (isWithout(column)) return count
  for (let row = 0; row < rows; row++) {
    const value = column[row] as number
    const isNumber = value <= Number.POSITIVE_INFINITY ? 1 : 0
    present[row] = isNumber
    values[count] = value
    count += isNumber
  }
  return count
}

/** The first `count` of `values`, cut to the millisecond where they are finer, where `present` says. */
function writeTimes(name: string, rows: number, count: number, isFine: boolean): Chunk {
  if (isFine) for (let k = 0; k < count; k++) values[k] = wholeMs(values[k] as number)
  const from = file.size()
  const isNarrow = liesNarrow(name, count)
  page.reset()
  writeLevels(name, rows, count)
  if (isNarrow) writeDeltas(page, values, count)
  else for (let k = 0; k < count; k++) page.int64(values[k] as number)
  writePage(DATA_PAGE, isNarrow ? encoding.delta : encoding.plain, rows)
  return chunkOf(name, physical.int64, isNarrow ? BY_DELTA : PLAINLY, -1, from)
}

function takeMicros({ start, end, created }: SampleTable['instants'], rows: number): number {
  let count = 0
  for (let row = 0; row < rows; row++) {
    const micros = microsOf(start[row] as number, end[row] as number, created[row] as number)
    present[row] = micros === 0 ? 0 : 1
    if (micros !== 0) values[count++] = micros
  }
  return count
}

function writeMicros(rows: number, count: number): Chunk {
  const from = file.size()
  page.reset()
  writeLevels(MICROS, rows, count)
  for (let k = 0; k < count; k++) page.int32(values[k] as number)
  writePage(DATA_PAGE, encoding.plain, rows)
  return chunkOf(MICROS, physical.int32, PLAINLY, -1, from)
}

// Milliseconds: nobody's session is as long; deltas over more would need more bits than the packer takes.
const NARROW = 2 ** 47
/** ±2^53 µs. */
const FAR = 2 ** 53 / 1000

function liesNarrow(name: string, count: number): boolean {
  let least = count === 0 ? 0 : Number.POSITIVE_INFINITY
  let most = count === 0 ? 0 : Number.NEGATIVE_INFINITY
  for (let k = 0; k < count; k++) {
    const ms = values[k] as number
    if (ms < least) least = ms
    if (ms > most) most = ms
    if (Number.isNaN(ms)) throw new RangeError(`samples: a row lacks ${name}`)
  }
  if (!(least >= -FAR && most <= FAR)) throw new RangeError(`samples: ${name} is out of range`)
  return most - least < NARROW
}

function writeNumbers(name: string, column: Float64Array, rows: number): Chunk {
  const count = takeNumbers(column, rows)
  const from = file.size()
  const dictionary = distinctNumbers(values, codes, count)
  page.reset()
  if (dictionary) {
    page.doubles(dictionary.numbers, dictionary.count)
    writePage(DICTIONARY_PAGE, encoding.plain, dictionary.count)
    const dataAt = file.size()
    writeCodes(name, rows, count, dictionary.count, codes)
    return chunkOf(name, physical.double, BY_DICTIONARY, from, dataAt)
  }
  writeLevels(name, rows, count)
  page.doubles(values, count)
  writePage(DATA_PAGE, encoding.plain, rows)
  return chunkOf(name, physical.double, PLAINLY, -1, from)
}

const BY_DICTIONARY = [encoding.plain, encoding.rle, encoding.dictionary]
const BY_DELTA = [encoding.rle, encoding.delta]
const PLAINLY = [encoding.rle, encoding.plain]

/** The header of `page`, then `page`. */
function writePage(type: typeof DATA_PAGE | typeof DICTIONARY_PAGE, code: number, count: number): void {
  writePageHead(file, { type, size: page.size(), compressedSize: page.size(), count, code })
  file.all(page)
}

function chunkOf(name: string, type: number, encodings: readonly number[], dictionaryAt: number, dataAt: number): Chunk {
  const from = dictionaryAt >= 0 ? dictionaryAt : dataAt
  return { name, type, encodings, dictionaryAt, dataAt, size: file.size() - from }
}
