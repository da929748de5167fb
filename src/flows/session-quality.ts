import { isFlagCode, isQuarantineCode } from '../model/marks.ts'
import { heartRateJumps } from '../model/quality-heart.ts'
import { transitionFindings } from '../model/quality-sleep.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import type { RowRange } from './metric-ranges.ts'
import { isStage, type SleepSpan } from './session-sleep.ts'

/** As the schema has it; its keys are checked by `isQuarantineCode`. */
export type Quality = Omit<StoredSession['quality'], 'quarantined'> & { quarantined: Record<string, number> }

/** `sleep` is what `sleepSpans` found. */
export function qualityOf(table: SampleTable, ranges: ReadonlyMap<string, RowRange>, sleep: readonly SleepSpan[]): Quality {
  const quarantined: Record<string, number> = Object.fromEntries(
    [...wordCounts(table, 'quarantine')].filter(([code]) => isQuarantineCode(code)),
  )
  const found = wordCounts(table, 'flags')
  found.set('hr_jump', jumps(table, ranges.get('heart_rate')))
  found.set('unlikely_transition', unlikelyTransitions(sleep))
  const flags = [...found].flatMap(([code, count]) => (count > 0 && isFlagCode(code) ? [{ code, count }] : []))
  if (Object.keys(quarantined).length > 0) return { verdict: 'quarantine', flags, quarantined }
  return { verdict: flags.length > 0 ? 'flag' : 'accept', flags, quarantined }
}

/** How many rows have each word; a row's flags are several words. */
function wordCounts(table: SampleTable, column: 'flags' | 'quarantine'): Map<string, number> {
  const { codes, words } = table.words[column]
  if (words.length === 0) return new Map()
  const byCode = new Int32Array(words.length)
  for (const code of codes) if (code >= 0) byCode[code] = (byCode[code] as number) + 1
  const counts = new Map<string, number>()
  words.forEach((text, code) => {
    for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + (byCode[code] as number))
  })
  return counts
}

function jumps(table: SampleTable, range: RowRange | undefined): number {
  if (!range) return 0
  return heartRateJumps(table.instants.start.subarray(range.from, range.to), table.numbers.value.subarray(range.from, range.to)).length
}

function unlikelyTransitions(sleep: readonly SleepSpan[]): number {
  const stages = sleep.filter(({ word }) => isStage(word)).map(({ word, startMs, endMs }) => ({ stage: word, startMs, endMs }))
  return transitionFindings(stages).length
}
