import type { SleepInterval, SleepWord } from '../model/series.ts'
import type { Source } from '../model/source.ts'
import { minuteMs, rounded } from './frame.ts'
import { isAsleep, isStaged, resolveStages, type Span } from './sleep-stages.ts'

/** One source's account of one sleep. Minutes are clock minutes between instants. */
export interface SleepRecord {
  readonly source: Source
  /** First falling asleep and last waking. */
  readonly onsetMs: number
  readonly wakeMs: number
  /** Between onset and wake, not overlapping. */
  readonly spans: readonly Span[]
  /** The source tells stages, not sleep and wake only. */
  readonly staged: boolean
  readonly stagesMinutes: { readonly light: number; readonly deep: number; readonly rem: number; readonly unspecified: number }
  readonly asleepMinutes: number
  /** Waking between onset and wake. */
  readonly awakeMinutes: number
  /** Wakings of at least 5 minutes between onset and wake. */
  readonly awakenings: number
  /** Minutes between onset and wake of which the source tells nothing. */
  readonly unknownMinutes: number
}

const awakeningMinutes = 5
const sleepStages = ['light', 'deep', 'rem', 'unspecified'] as const
const waking: ReadonlySet<SleepWord> = new Set(['awake', 'out_of_bed'])

/** The record of one source's intervals; undefined where none of them is sleep. */
export function recordOf(source: Source, intervals: readonly SleepInterval[]): SleepRecord | undefined {
  const said = resolveStages(intervals)
  const staged = intervals.some(({ word }) => isStaged(word))
  // A source with neither stages nor a word for waking says waking by silence: iPhones, and watches before iOS 16.
  const silentWaking = !staged && !intervals.some(({ word }) => waking.has(word))
  return recordOfSpans(source, silentWaking ? filledWithWaking(said) : said, staged)
}

/** Figures of spans that do not overlap; what lies before the first and after the last sleep is cut off. */
export function recordOfSpans(source: Source, all: readonly Span[], staged: boolean): SleepRecord | undefined {
  const first = all.findIndex(({ stage }) => stage !== 'awake')
  const last = all.findLastIndex(({ stage }) => stage !== 'awake')
  const onsetMs = all[first]?.startMs
  const wakeMs = all[last]?.endMs
  if (onsetMs === undefined || wakeMs === undefined) return undefined
  const spans = all.slice(first, last + 1)
  const minutes = { awake: 0, light: 0, deep: 0, rem: 0, unspecified: 0 }
  for (const span of spans) minutes[span.stage] += (span.endMs - span.startMs) / minuteMs
  const stagesMinutes = {
    light: hundredths(minutes.light),
    deep: hundredths(minutes.deep),
    rem: hundredths(minutes.rem),
    unspecified: hundredths(minutes.unspecified),
  }
  // The sum of the rounded stages, so that the printed minutes add up.
  const asleepMinutes = hundredths(sleepStages.reduce((sum, stage) => sum + stagesMinutes[stage], 0))
  const awakeMinutes = hundredths(minutes.awake)
  return {
    source,
    onsetMs,
    wakeMs,
    spans,
    staged,
    stagesMinutes,
    asleepMinutes,
    awakeMinutes,
    awakenings: spans.filter(({ stage, startMs, endMs }) => stage === 'awake' && endMs - startMs >= awakeningMinutes * minuteMs).length,
    unknownMinutes: Math.max(0, hundredths((wakeMs - onsetMs) / minuteMs - asleepMinutes - awakeMinutes)),
  }
}

function filledWithWaking(spans: readonly Span[]): Span[] {
  const filled: Span[] = []
  for (const span of spans) {
    const beforeMs = filled.at(-1)?.endMs ?? span.startMs
    if (span.startMs > beforeMs) filled.push({ startMs: beforeMs, endMs: span.startMs, stage: 'awake' })
    filled.push(span)
  }
  return filled
}

/**
 * Intervals of one source stitched into sleeps: a pause of more than `gapMs` starts a new one. `in_bed` neither makes a
 * sleep nor bridges two.
 */
export function stitched(intervals: readonly SleepInterval[], gapMs: number): SleepInterval[][] {
  const sleeps: SleepInterval[][] = []
  let untilMs = -Infinity
  for (const interval of byStart(intervals)) {
    if (interval.startMs - untilMs > gapMs) sleeps.push([])
    sleeps.at(-1)?.push(interval)
    untilMs = Math.max(untilMs, interval.endMs)
  }
  return sleeps
}

export interface Stretch {
  readonly startMs: number
  readonly endMs: number
}

/** They come in order as a rule. */
export function byStart<Of extends Stretch>(stretches: readonly Of[]): readonly Of[] {
  for (let at = 1; at < stretches.length; at++)
    if ((stretches[at] as Of).startMs < (stretches[at - 1] as Of).startMs) return stretches.toSorted((a, b) => a.startMs - b.startMs)
  return stretches
}

export function hasSleep(intervals: readonly SleepInterval[]): boolean {
  return intervals.some(({ word }) => isAsleep(word))
}

function hundredths(minutes: number): number {
  return rounded(minutes, 2)
}
