import { wordAt } from '../columns/select.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { SleepWord } from '../model/series.ts'
import type { StoredSession } from '../model/session.ts'
import { sleepWordOf } from '../model/sleep-words.ts'
import { formatInstant } from '../model/time.ts'
import type { RowRange } from './metric-ranges.ts'

type SessionSleep = NonNullable<StoredSession['sleep']>

/** Undefined where the session tells of no sleep at all, not even of some that does not count. */
export function sleepOf(spans: readonly SleepSpan[] | undefined): SessionSleep | undefined {
  if (spans === undefined) return undefined
  const stages: SessionSleep['stages'] = []
  const unstaged: { startTime: string; endTime: string }[] = []
  const inBed: { startTime: string; endTime: string }[] = []
  for (const { word, startMs, endMs } of spans) {
    const span = { startTime: formatInstant(startMs), endTime: formatInstant(endMs) }
    if (word === 'in_bed') inBed.push(span)
    else if (word === 'asleep_unspecified') unstaged.push(span)
    else if (isStage(word)) stages.push({ ...span, stage: word })
  }
  return { stages, ...(unstaged.length > 0 && { unstaged }), ...(inBed.length > 0 && { inBed }) }
}

export function isStage(word: SleepWord): word is 'awake' | 'light' | 'deep' | 'rem' {
  return word === 'awake' || word === 'light' || word === 'deep' || word === 'rem'
}

export interface SleepSpan {
  readonly word: SleepWord
  readonly startMs: number
  readonly endMs: number
}

/** The sleep that counts: accepted, and with a length. */
export function sleepSpans(table: SampleTable, { from, to }: RowRange): SleepSpan[] {
  const spans: SleepSpan[] = []
  for (let row = from; row < to; row++) {
    const word = sleepWordOf('healthkit', wordAt(table, 'text', row) ?? '')
    const startMs = table.instants.start[row] as number
    const endMs = table.instants.end[row] as number
    if (word !== undefined && endMs > startMs && (table.words.quarantine.codes[row] as number) < 0) spans.push({ word, startMs, endMs })
  }
  return spans
}
