import type { ColumnMetaData } from 'hyparquet'
import type { SampleTable } from '../model/sample-table.ts'
import { byteWriter } from './byte-writer.ts'
import { hyparquet } from './hyparquet.ts'
import { type Chunk, writeFooterOf, writeGroup } from './parquet-footer.ts'
import { encoding } from './parquet-frame.ts'
import { physical } from './parquet-schema.ts'
import { encodeSamples, type SessionLabel } from './parquet-writer.ts'

/** Where a session's file lies in its pack. */
export interface Part {
  readonly offset: number
  readonly length: number
  readonly rows: number
}

/**
 * The files of several sessions in one object: one after the other, each whole by itself, and behind them a footer that makes the object one
 * Parquet file with a row group for each. A session is read, checked and moved by its bytes alone.
 */
export interface Pack {
  /** Throws as `encodeSamples` does; then nothing was added. */
  add(table: SampleTable, label: SessionLabel): Part
  /** A file that `encodeSamples` made, as it is. */
  move(file: Uint8Array<ArrayBuffer>): Promise<Part>
  /** The object, good until the next `add`, `move` or `clear`; of a single session that session's file. */
  finish(): Uint8Array
  clear(): void
  /** Sessions in it. */
  readonly size: number
  readonly bytes: number
}

export function newPack(): Pack {
  const out = byteWriter()
  /** Of each session: as bytes at once, since a month of chunks kept as objects is much to collect. */
  const footer = byteWriter()
  let groups = 0
  let allRows = 0

  function append(bytes: Uint8Array, rows: number, chunks: readonly Chunk[]): Part {
    const offset = out.size()
    out.bytes(bytes)
    writeGroup(footer, { chunks, rows, offset })
    groups++
    allRows += rows
    return { offset, length: bytes.length, rows }
  }

  return {
    add(table, label) {
      const { bytes, rows, chunks } = encodeSamples(table, label)
      return append(bytes, rows, chunks)
    },
    async move(file) {
      const { parquetMetadata } = await hyparquet()
      const [group] = parquetMetadata(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)).row_groups
      if (group === undefined) throw new RangeError('samples: a session has a row group')
      const chunks = group.columns.map(({ meta_data: column }) => chunkOf(column))
      return append(file, Number(group.num_rows), chunks)
    },
    finish() {
      if (groups > 1) writeFooterOf(out, footer, { rows: allRows, groups })
      return out.view()
    },
    clear() {
      out.reset()
      footer.reset()
      groups = 0
      allRows = 0
    },
    get size() {
      return groups
    },
    get bytes() {
      return out.size()
    },
  }
}

const types: ReadonlyMap<string, number> = new Map([
  ['INT32', physical.int32],
  ['INT64', physical.int64],
  ['DOUBLE', physical.double],
  ['BYTE_ARRAY', physical.byteArray],
])

const encodings: ReadonlyMap<string, number> = new Map([
  ['PLAIN', encoding.plain],
  ['RLE', encoding.rle],
  ['DELTA_BINARY_PACKED', encoding.delta],
  ['RLE_DICTIONARY', encoding.dictionary],
])

function chunkOf(column: ColumnMetaData | undefined): Chunk {
  const type = types.get(column?.type ?? '')
  const codes = column?.encodings.map((name) => encodings.get(name))
  if (column === undefined || type === undefined || codes === undefined || !codes.every((code) => code !== undefined))
    throw new RangeError('samples: not a file of ours')
  return {
    name: column.path_in_schema.join('.'),
    type,
    encodings: codes,
    dictionaryAt: Number(column.dictionary_page_offset ?? -1),
    dataAt: Number(column.data_page_offset),
    size: Number(column.total_compressed_size),
  }
}
