import { parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'

/** A document as it was kept. */
export interface ArchivedRow {
  readonly path: string
  readonly version: number
  /** When it began: an instant or a date. */
  readonly at: string
  /** JSON. */
  readonly body: string
}

const schema: SchemaElement[] = [
  { name: 'root', num_children: 4 },
  { name: 'path', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'version', repetition_type: 'REQUIRED', type: 'INT32' },
  { name: 'at', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'body', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
]

/** Documents as one Parquet file, compressed with Snappy. */
export function encodeArchiveFile(rows: readonly ArchivedRow[]): Uint8Array<ArrayBuffer> {
  const columnData = [
    // What differs in each row gains nothing by a dictionary.
    { name: 'path', data: rows.map(({ path }) => path), encoding: 'PLAIN' as const },
    { name: 'version', data: rows.map(({ version }) => version) },
    { name: 'at', data: rows.map(({ at }) => at), encoding: 'PLAIN' as const },
    { name: 'body', data: rows.map(({ body }) => body), encoding: 'PLAIN' as const },
  ]
  return new Uint8Array(parquetWriteBuffer({ schema, columnData, statistics: false, rowGroupSize: 100_000 }))
}

/** How many rows a Parquet file says that it has. */
export function rowsOfFile(bytes: Uint8Array<ArrayBuffer>): number {
  return Number(parquetMetadata(ownBuffer(bytes)).num_rows)
}

export async function decodeArchiveFile(bytes: Uint8Array<ArrayBuffer>): Promise<ArchivedRow[]> {
  return (await parquetReadObjects({ file: ownBuffer(bytes) })) as unknown as ArchivedRow[]
}

function ownBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer
}
