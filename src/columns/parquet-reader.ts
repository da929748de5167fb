import { type InstantColumn, makeTable, type SampleTable, type Words } from '../model/sample-table.ts'
import { hyparquet } from './hyparquet.ts'
import { MICROS, refine } from './micros.ts'
import { decodeSamples, type SampleColumn, withStart } from './parquet-decoder.ts'

/** The samples of a session file, by our own decoder or, of another writer, by hyparquet; only some columns where `wanted` names them, the others empty. Columns that a file of an earlier version lacks are empty too. */
export async function readSamples(bytes: Uint8Array<ArrayBuffer>, wanted?: readonly SampleColumn[]): Promise<SampleTable> {
  return decodeSamples(bytes, wanted) ?? (await readByHyparquet(bytes, wanted))
}

/** Any Parquet file with columns by our names. */
export async function readByHyparquet(bytes: Uint8Array<ArrayBuffer>, wanted?: readonly SampleColumn[]): Promise<SampleTable> {
  const { parquetRead } = await hyparquet()
  const columns = new Map<string, ArrayLike<unknown>[]>()
  let rows = 0
  await parquetRead({
    file: {
      byteLength: bytes.byteLength,
      slice: (from, to) => bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + (to ?? bytes.byteLength)),
    },
    parsers: instantsAsMs,
    ...(wanted && { columns: [...withStart(wanted), MICROS] }),
    onChunk({ columnName, columnData, rowEnd }) {
      const parts = columns.get(columnName)
      if (parts) parts.push(columnData)
      else columns.set(columnName, [columnData])
      rows = Math.max(rows, rowEnd)
    },
  })
  const times = (name: InstantColumn) => numbersOf(columns.get(name), rows)
  const instants = { start: times('start'), end: times('end'), created: times('created') }
  refine(instants, numbersOf(columns.get(MICROS), rows))
  return makeTable(rows, {
    words: (name) => wordsOf(columns.get(name), rows),
    instants: (name) => instants[name],
    numbers: (name) => numbersOf(columns.get(name), rows),
  })
}

const instantsAsMs = {
  timestampFromMilliseconds: (ms: bigint) => Number(ms),
  timestampFromMicroseconds: (micros: bigint) => Number(micros) / 1000,
}

function wordsOf(parts: ArrayLike<unknown>[] | undefined, rows: number): Words {
  const codes = new Int32Array(rows).fill(-1)
  const words: string[] = []
  const known = new Map<string, number>()
  let last: unknown
  let lastCode = -1
  each(parts, (value, row) => {
    if (typeof value !== 'string') return
    if (value !== last) {
      last = value
      lastCode = known.get(value) ?? -1
      if (lastCode < 0) {
        lastCode = words.push(value) - 1
        known.set(value, lastCode)
      }
    }
    codes[row] = lastCode
  })
  return { codes, words }
}

function numbersOf(parts: ArrayLike<unknown>[] | undefined, rows: number): Float64Array {
  const numbers = new Float64Array(rows).fill(Number.NaN)
  each(parts, (value, row) => {
    if (typeof value === 'number') numbers[row] = value
  })
  return numbers
}

function each(parts: ArrayLike<unknown>[] | undefined, use: (value: unknown, row: number) => void): void {
  let row = 0
  for (const part of parts ?? []) for (let k = 0; k < part.length; k++) use(part[k], row++)
}
