import { endArchive, type Written } from './archive-footer.ts'
import { byteWriter } from './byte-writer.ts'
import { hyparquet } from './hyparquet.ts'
import { DATA_PAGE, encoding, MAGIC, writePageHead } from './parquet-frame.ts'
import { compress, compressedMost } from './snappy.ts'

/** A document as it was kept. */
export interface ArchivedRow {
  readonly path: string
  readonly version: number
  /** When it began: an instant or a date. */
  readonly at: string
  /** JSON. */
  readonly body: string
}

/** Documents as one Parquet file (Apache Parquet format 2.9): one row group, a page for each column, compressed with Snappy. */
export function encodeArchiveFile(rows: readonly ArchivedRow[]): Uint8Array<ArrayBuffer> {
  file.reset()
  file.bytes(MAGIC)
  const columns = [
    writeTexts(rows, ({ path }) => path),
    writeVersions(rows),
    writeTexts(rows, ({ at }) => at),
    writeTexts(rows, ({ body }) => body),
  ]
  endArchive(file, columns, rows.length)
  giveBack()
  return file.take()
}

// One writer and one page are used again for every file: nothing here waits, so no two files are ever in it at once.
const file = byteWriter()
let page = new Uint8Array(1 << 16)
let squeezed = new Uint8Array(1 << 16)
const encoder = new TextEncoder()

/** Bytes that are kept for the next file; a month of samples that stand in documents may have needed a hundred times as much. */
const MOST_KEPT = 1 << 22

function giveBack(): void {
  if (page.length > MOST_KEPT) page = new Uint8Array(1 << 16)
  if (squeezed.length > MOST_KEPT) squeezed = new Uint8Array(1 << 16)
}

/** Of UTF-16 a unit is at most three bytes of UTF-8. */
const MOST_BYTES = 3

function writeTexts(rows: readonly ArchivedRow[], of: (row: ArchivedRow) => string): Written {
  let end = 0
  for (const row of rows) {
    const text = of(row)
    page = roomy(page, end, end + 4 + text.length * MOST_BYTES)
    const { written } = encoder.encodeInto(text, page.subarray(end + 4))
    writeUint32(page, end, written)
    end += 4 + written
  }
  return writePage(end, rows.length)
}

function writeVersions(rows: readonly ArchivedRow[]): Written {
  page = roomy(page, 0, rows.length * 4)
  for (const [n, { version }] of rows.entries()) writeUint32(page, n * 4, version)
  return writePage(rows.length * 4, rows.length)
}

/** The header of a data page, then what stands in `page`. */
function writePage(size: number, rows: number): Written {
  const dataAt = file.size()
  squeezed = roomy(squeezed, 0, compressedMost(size))
  const end = compress(page.subarray(0, size), squeezed, 0)
  writePageHead(file, { type: DATA_PAGE, size, compressedSize: end, count: rows, code: encoding.plain })
  const headSize = file.size() - dataAt
  file.bytes(squeezed.subarray(0, end))
  return { dataAt, size: headSize + size, compressedSize: headSize + end }
}

/** Little-endian. */
function writeUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value
  into[at + 1] = value >>> 8
  into[at + 2] = value >>> 16
  into[at + 3] = value >>> 24
}

/** With room for so many bytes, of which the first `kept` stay. */
function roomy(bytes: Uint8Array<ArrayBuffer>, kept: number, size: number): Uint8Array<ArrayBuffer> {
  if (size <= bytes.length) return bytes
  const wider = new Uint8Array(Math.max(size, bytes.length * 2))
  wider.set(bytes.subarray(0, kept))
  return wider
}

/** How many rows a Parquet file says that it has. */
export async function rowsOfFile(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const { parquetMetadata } = await hyparquet()
  return Number(parquetMetadata(ownBuffer(bytes)).num_rows)
}

export async function decodeArchiveFile(bytes: Uint8Array<ArrayBuffer>): Promise<ArchivedRow[]> {
  const { parquetReadObjects } = await hyparquet()
  return (await parquetReadObjects({ file: ownBuffer(bytes) })) as unknown as ArchivedRow[]
}

function ownBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer
}
