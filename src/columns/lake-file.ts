import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'

/** A day's figure of a person. `date` is `YYYY-MM-DD`. */
export interface LakeDay {
  readonly person: string
  readonly date: string
  readonly value: number
  /** Share of the date's minutes on which something was worn. */
  readonly worn: number | undefined
}

/** A sample of a person; of sleep `word` says the stage, and the value is its minutes. */
export interface LakeSample {
  readonly person: string
  readonly date: string
  readonly startMs: number
  readonly endMs: number
  readonly value: number
  readonly unit: string
  readonly word: string | undefined
  /** `watch`, `phone` …: no names of devices. */
  readonly source: string
}

type Kind = 'date' | 'instant' | 'number' | 'text'

interface Column<Row> {
  readonly name: string
  readonly kind: Kind
  readonly optional?: true
  of(row: Row): Date | number | string | undefined
}

export const lakeDayColumns: readonly Column<LakeDay>[] = [
  { name: 'person', kind: 'text', of: ({ person }) => person },
  { name: 'date', kind: 'date', of: ({ date }) => new Date(date) },
  { name: 'value', kind: 'number', of: ({ value }) => value },
  { name: 'worn', kind: 'number', optional: true, of: ({ worn }) => worn },
]

export const lakeSampleColumns: readonly Column<LakeSample>[] = [
  { name: 'person', kind: 'text', of: ({ person }) => person },
  { name: 'date', kind: 'date', of: ({ date }) => new Date(date) },
  { name: 'start', kind: 'instant', of: ({ startMs }) => new Date(startMs) },
  { name: 'end', kind: 'instant', of: ({ endMs }) => new Date(endMs) },
  { name: 'value', kind: 'number', of: ({ value }) => value },
  { name: 'unit', kind: 'text', of: ({ unit }) => unit },
  { name: 'word', kind: 'text', optional: true, of: ({ word }) => word },
  { name: 'source', kind: 'text', of: ({ source }) => source },
]

/** Rows as one Parquet file, compressed with Snappy. Instants are kept to the millisecond. */
export function encodeLakeFile<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)]
  const columnData = columns.map(({ name, of }) => ({ name, data: rows.map((row) => of(row) ?? null) }))
  return new Uint8Array(parquetWriteBuffer({ schema, columnData, rowGroupSize: 100_000 }))
}

function elementOf<Row>({ name, kind, optional }: Column<Row>): SchemaElement {
  return { name, repetition_type: optional ? 'OPTIONAL' : 'REQUIRED', ...elements[kind] }
}

const elements: Readonly<Record<Kind, Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'DOUBLE' },
  date: { type: 'INT32', converted_type: 'DATE' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
}
