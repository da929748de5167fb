import type { StageSpan } from '../model/day.ts'
import type { SleepInterval, SleepWord } from '../model/series.ts'

export interface Span {
  readonly startMs: number
  readonly endMs: number
  readonly stage: StageSpan['stage']
}

/**
 * What each word means, the first winning where a source says several at once: waking is never counted as sleep, and a
 * stage says more than sleep without one. Undefined is time of which nothing is known.
 */
const meaning = [
  ['awake', 'awake'],
  ['out_of_bed', 'awake'],
  ['rem', 'rem'],
  ['deep', 'deep'],
  ['light', 'light'],
  ['asleep_unspecified', 'unspecified'],
  ['unknown', undefined],
] as const satisfies readonly (readonly [SleepWord, StageSpan['stage'] | undefined])[]

const rankOf: ReadonlyMap<SleepWord, number> = new Map(meaning.map(([word], rank) => [word, rank]))
const staged: ReadonlySet<SleepWord> = new Set(['light', 'deep', 'rem'])
const asleep: ReadonlySet<SleepWord> = new Set(['light', 'deep', 'rem', 'asleep_unspecified'])

export const isAsleep = (word: SleepWord): boolean => asleep.has(word)
export const isStaged = (word: SleepWord): boolean => staged.has(word)

interface Edge {
  readonly atMs: number
  readonly rank: number
  readonly step: 1 | -1
}

/**
 * One source's words as spans that do not overlap, ascending, neighbours of one stage joined; minutes never exceed the clock.
 * `asleep_unspecified` inside the source's staged time is a wrapper and says nothing; `in_bed` is never sleep.
 */
export function resolveStages(intervals: readonly SleepInterval[]): Span[] {
  const edges = edgesOf(intervals)
  const open = meaning.map(() => 0)
  const spans: Span[] = []
  edges.forEach((edge, index) => {
    open[edge.rank] = (open[edge.rank] ?? 0) + edge.step
    const untilMs = edges[index + 1]?.atMs ?? edge.atMs
    const stage = meaning[open.findIndex((count) => count > 0)]?.[1]
    if (stage === undefined || untilMs <= edge.atMs) return
    const last = spans.at(-1)
    if (last !== undefined && last.stage === stage && last.endMs === edge.atMs) spans[spans.length - 1] = { ...last, endMs: untilMs }
    else spans.push({ startMs: edge.atMs, endMs: untilMs, stage })
  })
  return spans
}

function edgesOf(intervals: readonly SleepInterval[]): Edge[] {
  const hull = hullOf(intervals.filter(({ word }) => staged.has(word)))
  const edges: Edge[] = []
  const add = (rank: number, startMs: number, endMs: number) => {
    if (endMs > startMs) edges.push({ atMs: startMs, rank, step: 1 }, { atMs: endMs, rank, step: -1 })
  }
  for (const { word, startMs, endMs } of intervals) {
    const rank = rankOf.get(word)
    if (rank === undefined) continue
    if (word === 'asleep_unspecified' && hull !== undefined) {
      add(rank, startMs, Math.min(endMs, hull.startMs))
      add(rank, Math.max(startMs, hull.endMs), endMs)
    } else {
      add(rank, startMs, endMs)
    }
  }
  return edges.sort((a, b) => a.atMs - b.atMs)
}

/** First start and last end; undefined of nothing. */
export function hullOf(
  intervals: readonly { readonly startMs: number; readonly endMs: number }[],
): { startMs: number; endMs: number } | undefined {
  if (intervals.length === 0) return undefined
  const hull = { startMs: Infinity, endMs: -Infinity }
  for (const { startMs, endMs } of intervals) {
    if (startMs < hull.startMs) hull.startMs = startMs
    if (endMs > hull.endMs) hull.endMs = endMs
  }
  return hull
}
