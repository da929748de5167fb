/** Words of one column: an index into `words` for each row, −1 for none. */
export interface Words {
  readonly codes: Int32Array
  readonly words: readonly string[]
}

export const wordColumns = [
  'metric',
  'type',
  'unit',
  'text',
  'raw_unit',
  'offset',
  'zone',
  'source_version',
  'device',
  'metadata',
  'flags',
  'quarantine',
] as const
export const instantColumns = ['start', 'end', 'created'] as const
export const numberColumns = ['value', 'raw_value'] as const

export type WordColumn = (typeof wordColumns)[number]
export type InstantColumn = (typeof instantColumns)[number]
export type NumberColumn = (typeof numberColumns)[number]

/**
 * All samples of one session, column by column, sorted by metric, type and start. Instants are epoch milliseconds (the fraction holds
 * microseconds), NaN for none; numbers NaN for none.
 * - `metric` our name, none for a type we do not know; `type` the source's own identifier
 * - `value` in the metric's unit, `unit` that unit; `raw_value` and `raw_unit` as the source wrote it, where that differs
 * - `text` the word of a category, or a value that is no number
 * - `offset` the offset in the source's date, `zone` where the source says it was taken
 * - `flags` words separated by a space; `quarantine` why the sample is kept out of every statistic
 */
export interface SampleTable {
  readonly rows: number
  readonly words: Readonly<Record<WordColumn, Words>>
  readonly instants: Readonly<Record<InstantColumn, Float64Array>>
  readonly numbers: Readonly<Record<NumberColumn, Float64Array>>
}

let noNumber = new Float64Array(1 << 12).fill(Number.NaN)
let noCode = new Int32Array(1 << 12).fill(-1)

/** A column without any number, made once for all tables: never to be written. */
export function noNumbers(rows: number): Float64Array {
  if (rows > noNumber.length) noNumber = new Float64Array(2 ** Math.ceil(Math.log2(rows))).fill(Number.NaN)
  return noNumber.subarray(0, rows)
}

/** A column without any word, likewise. */
export function noWords(rows: number): Words {
  if (rows > noCode.length) noCode = new Int32Array(2 ** Math.ceil(Math.log2(rows))).fill(-1)
  return { codes: noCode.subarray(0, rows), words: [] }
}

/** Whether it is known, without a look at its rows, that a column is without any number. */
export function isWithout(column: Float64Array): boolean {
  return column.buffer === noNumber.buffer
}

export function hasNumber(column: Float64Array): boolean {
  if (isWithout(column)) return false
  for (let row = 0; row < column.length; row++) if (!Number.isNaN(column[row])) return true
  return false
}

/** What each column of a table is made by. */
export interface ColumnMakers {
  readonly words: (name: WordColumn) => Words
  readonly instants: (name: InstantColumn) => Float64Array
  readonly numbers: (name: NumberColumn) => Float64Array
}

/** A table with every column of the three kinds. One literal, so that all tables are of one shape: an analysis makes ten thousands of them. */
export function makeTable(rows: number, { words, instants, numbers }: ColumnMakers): SampleTable {
  return {
    rows,
    words: {
      metric: words('metric'),
      type: words('type'),
      unit: words('unit'),
      text: words('text'),
      raw_unit: words('raw_unit'),
      offset: words('offset'),
      zone: words('zone'),
      source_version: words('source_version'),
      device: words('device'),
      metadata: words('metadata'),
      flags: words('flags'),
      quarantine: words('quarantine'),
    },
    instants: { start: instants('start'), end: instants('end'), created: instants('created') },
    numbers: { value: numbers('value'), raw_value: numbers('raw_value') },
  }
}
