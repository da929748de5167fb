import type { Series } from '../model/series.ts'
import type { Source, SourceOrder } from '../model/source.ts'
import { type Cover, coveredMs, coverOf, coversInstant, emptyCover, joinCovers } from '../signal/cover.ts'
import { at, type Samples } from '../signal/samples.ts'
import { compareIds, rankIn } from './frame.ts'
import { gathered } from './gather.ts'

/** What one source added to a total, and how many of its samples counted at least in part. */
export interface MergedShare {
  readonly source: Source
  readonly value: number
  readonly samples: number
}

export interface Merged {
  readonly total: number
  /** Best source first; a source whose whole time was taken by better ones has value 0. */
  readonly shares: readonly MergedShare[]
}

export interface MergeWindow {
  readonly fromMs: number
  readonly toMs: number
}

/** What a person typed in ranks as such, whichever app it was typed into. */
const typed = { id: '', kind: 'manual' } as const

/** Samples of one source that rank alike: what it measured, or what was typed into it. */
interface Stream extends Samples {
  readonly source: Source
  readonly rank: number
  readonly manual: 0 | 1
}

/**
 * Total of a cumulative metric in [fromMs, toMs) over all its series, in any order; undefined where no sample touches the window.
 *
 * At every moment the best-ranked source that has a sample there counts alone, its values spread evenly over their time: the
 * rule of Apple's merged statistics (support.apple.com/HT204351). What a person typed in ranks as `manual`. A source covers
 * only what it has samples for: where the watch wrote nothing and the phone did, the phone counts. Samples of one source that
 * overlap each other add up, since one device does not report the same movement twice (exact duplicates are gone by now).
 * An instant counts unless a better source covers that moment. What a source says of a whole session holds its own samples of that
 * time already, so they are taken off it. O(n log n) for a handful of sources.
 */
export function mergeCumulative(series: readonly Series[], priority: SourceOrder, window: MergeWindow): Merged | undefined {
  const streams = streamsOf(lessSamples(series), rankIn(priority), window)
  if (streams.length === 0) return undefined
  let taken: Cover = emptyCover
  const bySource = new Map<string, MergedShare>()
  let total = 0
  for (const [index, stream] of streams.entries()) {
    const { value, samples } = uncovered(stream, taken, window)
    const known = bySource.get(stream.source.id)
    bySource.set(stream.source.id, { source: stream.source, value: value + (known?.value ?? 0), samples: samples + (known?.samples ?? 0) })
    total += value
    if (index < streams.length - 1) taken = joinCovers(taken, coverOf(stream))
  }
  return { total, shares: [...bySource.values()] }
}

/** Totals without what their sources' samples of the same time tell of them; the series themselves where there are none. */
export function lessSamples(series: readonly Series[]): readonly Series[] {
  if (!series.some(({ isTotal }) => isTotal)) return series
  return series.map((block) => {
    if (!block.isTotal) return block
    const same = series.filter(({ isTotal, source }) => !isTotal && source.id === block.source.id)
    const samples = gathered(same, { fromMs: -Infinity, toMs: Infinity, manual: 0 })
    const { isTotal: _, ...rest } = block
    const left = (value: number, k: number) => Math.max(0, value - toldWithin(samples, at(block.startMs, k), at(block.endMs, k)))
    return { ...rest, value: block.value.map(left) }
  })
}

function toldWithin(samples: Samples, fromMs: number, toMs: number): number {
  let told = 0
  for (let k = 0; k < samples.value.length; k++) {
    const [start, end] = [at(samples.startMs, k), at(samples.endMs, k)]
    const isInstant = end <= start && start >= fromMs && start < toMs
    const part = isInstant ? 1 : Math.max(0, Math.min(end, toMs) - Math.max(start, fromMs)) / (end - start || 1)
    told += at(samples.value, k) * part
  }
  return told
}

/** The part of a stream's values that lies in the window and in no better stream's time. */
function uncovered(stream: Stream, taken: Cover, window: MergeWindow): { value: number; samples: number } {
  const free = taken.startMs.length === 0
  let value = 0
  let samples = 0
  for (let i = 0; i < stream.startMs.length; i++) {
    const start = at(stream.startMs, i)
    const end = at(stream.endMs, i)
    const whole = free && start >= window.fromMs && end <= window.toMs
    const part = whole ? 1 : uncoveredPart(start, end, taken, window)
    if (part <= 0) continue
    value += at(stream.value, i) * part
    samples++
  }
  return { value, samples }
}

function uncoveredPart(start: number, end: number, taken: Cover, { fromMs, toMs }: MergeWindow): number {
  if (end <= start) return coversInstant(taken, start) ? 0 : 1
  const from = Math.max(start, fromMs)
  const to = Math.min(end, toMs)
  return (to - from - coveredMs(taken, from, to)) / (end - start)
}

function streamsOf(series: readonly Series[], rank: ReturnType<typeof rankIn>, { fromMs, toMs }: MergeWindow): Stream[] {
  const streams: Stream[] = []
  for (const { manual, source, blocks } of groupsOf(series)) {
    const { startMs, endMs, value } = gathered(blocks, { fromMs, toMs, manual, isReaching: true })
    if (value.length > 0) streams.push({ source, manual, rank: rank(manual === 1 ? typed : source), startMs, endMs, value })
  }
  return streams.sort((a, b) => a.rank - b.rank || compareIds(a.source.id, b.source.id) || b.manual - a.manual)
}

interface Group extends Pick<Stream, 'manual' | 'source'> {
  readonly blocks: Series[]
}

/** By source, what it measured and what was typed into it apart; a block that has both is in two. */
function groupsOf(series: readonly Series[]): Iterable<Group> {
  const groups = new Map<string, Group>()
  const add = (block: Series, manual: 0 | 1) => {
    const key = `${manual} ${block.source.id}`
    const same = groups.get(key)
    if (same === undefined) groups.set(key, { manual, source: block.source, blocks: [block] })
    else same.blocks.push(block)
  }
  for (const block of series) for (const manual of [0, 1] as const) if (block.manual.includes(manual)) add(block, manual)
  return groups.values()
}
