import { type Run, runsOf } from './runs.ts'
import { at } from './samples.ts'

export interface ChoiRule {
  /** Minutes without movement that make a period. */
  readonly leastMinutes: number
  /** Minutes without movement before and after a movement that is taken for an artefact. */
  readonly windowMinutes: number
  /** Such a movement lasts at most so many minutes, first to last. */
  readonly artefactMinutes: number
}

/** Of the paper: 90 minutes, windows of 30, artefacts of 2. */
export const choiRule: ChoiRule = { leastMinutes: 90, windowMinutes: 30, artefactMinutes: 2 }

/**
 * Periods in which a device was not worn, Choi 2011 (Med Sci Sports Exerc 43:357), from one-minute counts: at least 90 minutes of
 * zeros, in which a movement of up to 2 minutes may lie that has 30 minutes of zeros before and after it.
 */
export function choiNonWear(counts: Float64Array, rule: ChoiRule = choiRule): Run[] {
  const joined: Run[] = []
  for (const still of stillRuns(counts).filter(({ from, to }) => to - from >= rule.windowMinutes)) {
    const last = joined.at(-1)
    if (last !== undefined && still.from - last.to <= rule.artefactMinutes) joined[joined.length - 1] = { from: last.from, to: still.to }
    else joined.push(still)
  }
  return joined.filter(({ from, to }) => to - from >= rule.leastMinutes)
}

export interface TroianoRule {
  readonly leastMinutes: number
  /** Minutes of movement that a period bears. */
  readonly spikeMinutes: number
  /** More counts than this end a period at once. */
  readonly spikeCounts: number
  /** Whether movement ends a period by minutes in a row or by minutes in all. */
  readonly spikes: 'in_a_row' | 'in_all'
}

/** Of the paper: 60 minutes, up to 2 minutes of at most 100 counts in a row. */
export const troianoRule: TroianoRule = { leastMinutes: 60, spikeMinutes: 2, spikeCounts: 100, spikes: 'in_a_row' }

/**
 * Periods in which a device was not worn, Troiano 2008 (Med Sci Sports Exerc 40:181), from one-minute counts: at least 60 minutes of
 * zeros, interrupted by at most 2 minutes in a row of up to 100 counts. A period begins and ends with a zero.
 */
export function troianoNonWear(counts: Float64Array, rule: TroianoRule = troianoRule): Run[] {
  const periods: Run[] = []
  let from = nextStill(counts, 0)
  while (from < counts.length) {
    const { stillUntil, endsAt } = periodFrom(counts, from, rule)
    const isPeriod = stillUntil - from >= rule.leastMinutes
    if (isPeriod) periods.push({ from, to: stillUntil })
    // A later start in the same stretch of zeros would only be shorter.
    from = nextStill(counts, isPeriod ? endsAt : nextMoving(counts, from))
  }
  return periods
}

function periodFrom(counts: Float64Array, from: number, rule: TroianoRule): { stillUntil: number; endsAt: number } {
  let moving = 0
  let stillUntil = from
  for (let minute = from; minute < counts.length; minute++) {
    const count = at(counts, minute)
    if (count === 0) {
      if (rule.spikes === 'in_a_row') moving = 0
      stillUntil = minute + 1
    } else if (count > rule.spikeCounts || ++moving > rule.spikeMinutes) {
      return { stillUntil, endsAt: minute }
    }
  }
  return { stillUntil, endsAt: counts.length }
}

function nextStill(counts: Float64Array, from: number): number {
  let minute = from
  while (minute < counts.length && counts[minute] !== 0) minute++
  return minute
}

function nextMoving(counts: Float64Array, from: number): number {
  let minute = from
  while (minute < counts.length && counts[minute] === 0) minute++
  return minute
}

function stillRuns(counts: Float64Array): Run[] {
  return runsOf(
    Uint8Array.from(counts, (count) => (count === 0 ? 1 : 0)),
    1,
  )
}
