import type { SampleTable } from '../model/sample-table.ts'

export interface RowRange {
  readonly from: number
  readonly to: number
}

/** Where each metric's rows lie: they are together, since a session's samples are sorted by metric. */
export function metricRanges(table: SampleTable): Map<string, RowRange> {
  const { codes, words } = table.words.metric
  const ranges = new Map<string, RowRange>()
  for (let from = 0; from < table.rows; ) {
    const code = codes[from] as number
    let to = from + 1
    while (to < table.rows && codes[to] === code) to++
    const metric = words[code]
    if (metric !== undefined) ranges.set(metric, { from, to })
    from = to
  }
  return ranges
}
