import type { SampleTable } from '../model/sample-table.ts'

/** A beat of an HRV record's list is part of that record and no record of its own. */
const BEAT = 'InstantaneousBeatsPerMinute'

/** What became of a session's records. */
export interface RowCounts {
  readonly accepted: number
  readonly duplicate: number
  readonly quarantined: number
  readonly byMetric: ReadonlyMap<string, number>
}

/** `added` says for each row of the table 1 where it was new, 0 where it was known before; undefined where all are new. */
export function countRows({ rows, words }: SampleTable, added: Uint8Array | undefined): RowCounts {
  const beat = words.type.words.indexOf(BEAT)
  const ofMetric = new Int32Array(words.metric.words.length)
  let accepted = 0
  let duplicate = 0
  let quarantined = 0
  for (let row = 0; row < rows; row++) {
    if (beat >= 0 && words.type.codes[row] === beat) continue
    if (added?.[row] === 0) duplicate++
    else if ((words.quarantine.codes[row] as number) >= 0) quarantined++
    else {
      accepted++
      const code = words.metric.codes[row] as number
      if (code >= 0) ofMetric[code] = (ofMetric[code] as number) + 1
    }
  }
  return { accepted, duplicate, quarantined, byMetric: new Map(words.metric.words.map((name, code) => [name, ofMetric[code] as number])) }
}
