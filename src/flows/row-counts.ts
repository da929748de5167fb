import type { SampleTable } from '../model/sample-table.ts'

/** A beat of an HRV record's list is part of that record and no record of its own. */
const BEAT = 'InstantaneousBeatsPerMinute'

/** What became of a session's records. */
export interface RowCounts {
  readonly accepted: number
  readonly duplicate: number
  readonly quarantined: number
  /** Names, and how many of each. */
  readonly metrics: readonly string[]
  readonly ofMetric: ArrayLike<number>
}

/** `added` says for each row of the table 1 where it was new, 0 where it was known before; undefined where all are new. */
export function countRows(table: SampleTable, added: Uint8Array | undefined): RowCounts {
  const { words } = table.words.metric
  const ofMetric = new Int32Array(words.length)
  const fates = new Int32Array(3)
  countInto(fates, ofMetric, table, added)
  const [accepted = 0, duplicate = 0, quarantined = 0] = fates
  return { accepted, duplicate, quarantined, metrics: words, ofMetric }
}

const ACCEPTED = 0
const DUPLICATE = 1
const QUARANTINED = 2

/** By itself: V8 would throw its code for a long loop away again and again where it goes on to make an object. */
function countInto(fates: Int32Array, ofMetric: Int32Array, { rows, words }: SampleTable, added: Uint8Array | undefined): void {
  const beat = words.type.words.indexOf(BEAT)
  const [types, metrics, quarantine] = [words.type.codes, words.metric.codes, words.quarantine.codes]
  for (let row = 0; row < rows; row++) {
    if (beat >= 0 && types[row] === beat) continue
    const fate = added !== undefined && added[row] === 0 ? DUPLICATE : newFate(quarantine[row] as number)
    fates[fate] = (fates[fate] as number) + 1
    const code = metrics[row] as number
    if (fate === ACCEPTED && code >= 0) ofMetric[code] = (ofMetric[code] as number) + 1
  }
}

function newFate(quarantine: number): number {
  return quarantine >= 0 ? QUARANTINED : ACCEPTED
}
