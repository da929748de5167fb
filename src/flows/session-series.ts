import type { MetricName } from '../model/metrics.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { Series } from '../model/series.ts'
import type { Source } from '../model/source.ts'
import type { RowRange } from './metric-ranges.ts'

/** Which rows are wanted. */
export type RowFilter = (row: number) => boolean

/** No flag that counts as doubt: a row that says what was counted over all of its session. */
export const TOTAL = 'total'

/** Reads a session's table: a metric's samples, and what stands for all of the session apart from them. */
export function seriesReader(table: SampleTable, source: Source, isWanted?: RowFilter): (metric: MetricName, range: RowRange) => Series[] {
  const isTotal = hasFlag(table, TOTAL)
  const isTyped = hasFlag(table, 'manual')
  const read = (metric: MetricName, range: RowRange, isWanted?: RowFilter) => seriesOf({ table, source, isTyped }, metric, range, isWanted)
  if (isTotal === undefined) return (metric, range) => [read(metric, range, isWanted)]
  const among = (row: number) => isWanted?.(row) !== false
  return (metric, range) =>
    [
      read(metric, range, (row) => among(row) && !isTotal(row)),
      { ...read(metric, range, (row) => among(row) && isTotal(row)), isTotal: true as const },
    ].filter(({ value }) => value.length > 0)
}

interface Told {
  readonly table: SampleTable
  readonly source: Source
  readonly isTyped: RowFilter | undefined
}

/** A metric's samples in a session's table, without those that are quarantined or no number. They may be a part of the table's own columns. */
function seriesOf({ table, source, isTyped }: Told, metric: MetricName, range: RowRange, isWanted: RowFilter | undefined): Series {
  const { from, to } = range
  if (isWanted === undefined && isTyped === undefined && isWhole(table, range)) {
    const [startMs, endMs] = [table.instants.start.subarray(from, to), table.instants.end.subarray(from, to)]
    return { metric, source, startMs, endMs, value: table.numbers.value.subarray(from, to), manual: noneTyped(to - from) }
  }
  const startMs = new Float64Array(to - from)
  const endMs = new Float64Array(to - from)
  const value = new Float64Array(to - from)
  const manual = new Uint8Array(to - from)
  let count = 0
  for (let row = from; row < to; row++) {
    const number = table.numbers.value[row] as number
    if ((table.words.quarantine.codes[row] as number) >= 0 || Number.isNaN(number) || isWanted?.(row) === false) continue
    startMs[count] = table.instants.start[row] as number
    endMs[count] = table.instants.end[row] as number
    value[count] = number
    manual[count++] = isTyped?.(row) ? 1 : 0
  }
  return inOrder({
    metric,
    source,
    startMs: startMs.subarray(0, count),
    endMs: endMs.subarray(0, count),
    value: value.subarray(0, count),
    manual: manual.subarray(0, count),
  })
}

let zeros = new Uint8Array(0)

/** Nobody writes into a series: one column of zeros is that of all. */
function noneTyped(rows: number): Uint8Array {
  if (rows > zeros.length) zeros = new Uint8Array(2 ** Math.ceil(Math.log2(rows)))
  return zeros.subarray(0, rows)
}

/** Whether every row is a sample, in the order of their starts. */
function isWhole({ instants: { start }, numbers: { value }, words: { quarantine } }: SampleTable, { from, to }: RowRange): boolean {
  for (let row = from; row < to; row++) {
    if ((quarantine.codes[row] as number) >= 0 || Number.isNaN(value[row])) return false
    if (row > from && (start[row] as number) < (start[row - 1] as number)) return false
  }
  return true
}

/** Two types may be one metric: then its samples stand one type after the other. */
function inOrder(series: Series): Series {
  const { startMs } = series
  let isSorted = true
  for (let at = 1; at < startMs.length && isSorted; at++) isSorted = (startMs[at] as number) >= (startMs[at - 1] as number)
  if (isSorted) return series
  const order = Uint32Array.from(startMs, (_, at) => at).sort((a, b) => (startMs[a] as number) - (startMs[b] as number) || a - b)
  const moved = (column: Float64Array) => Float64Array.from(order, (at) => column[at] as number)
  const manual = Uint8Array.from(order, (at) => series.manual[at] as number)
  return { ...series, startMs: moved(startMs), endMs: moved(series.endMs), value: moved(series.value), manual }
}

/** Of each row whether it has this word among its flags; undefined where none has. */
export function hasFlag({ words: { flags } }: SampleTable, flag: string): RowFilter | undefined {
  if (!flags.words.some((words) => words.includes(flag))) return undefined
  const has = flags.words.map((words) => words.split(' ').includes(flag))
  return has.includes(true) ? (row) => has[flags.codes[row] as number] ?? false : undefined
}
