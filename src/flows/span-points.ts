import { rankIn } from '../analysis/frame.ts'
import { lessSamples, mergeCumulative } from '../analysis/merge.ts'
import { firstFrom } from '../model/first-from.ts'
import type { Series } from '../model/series.ts'
import type { SourceOrder } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'

/** A sample, or what a span of time comes to: its total, or the mean of its readings. */
export interface Point {
  readonly startTime: string
  readonly endTime?: string
  readonly value: number
  readonly min?: number
  readonly max?: number
  readonly count?: number
  /** Whose it is, or all of those whose it is. */
  readonly sources: readonly string[]
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** A session's samples, cut to those that can touch a span. */
export interface Near {
  readonly series: Series
  /** Nothing of it touches a span that begins here or later. */
  readonly untilMs: number
  cut(span: Span): Series | undefined
}

/** The samples that can touch a span, by the longest of them. Where ends were not read, a sample is an instant. */
export function nearOf(series: Series): Near {
  const { startMs, endMs } = series
  const longest = longestOf(startMs, endMs)
  return {
    series,
    untilMs: (startMs.at(-1) ?? Number.NEGATIVE_INFINITY) + longest + 1,
    cut({ fromMs, toMs }) {
      const from = firstFrom(startMs, fromMs - longest)
      const to = firstFrom(startMs, toMs)
      return from >= to ? undefined : part(series, from, to)
    },
  }
}

function longestOf(startMs: Float64Array, endMs: Float64Array): number {
  let longest = 0
  // Ends were not read.
  if (Number.isNaN(endMs[0])) return longest
  for (let at = 0; at < startMs.length; at++) {
    const length = (endMs[at] as number) - (startMs[at] as number)
    if (length > longest) longest = length
  }
  return longest
}

function part(series: Series, from: number, to: number): Series {
  const cut = <T extends Float64Array | Uint8Array>(column: T) => column.subarray(from, to) as T
  return { ...series, startMs: cut(series.startMs), endMs: cut(series.endMs), value: cut(series.value), manual: cut(series.manual) }
}

/** The total by source priority; undefined without a sample: missing is not zero. */
export function totalOf(near: readonly Near[], span: Span, order: SourceOrder): Point | undefined {
  // Totals first: what is taken off them may lie outside the span.
  const whole = lessSamples(near.map(({ series }) => series))
  const touching = near.flatMap((each, at) => (whole[at] === each.series ? each : nearOf(whole[at] as Series)).cut(span) ?? [])
  const merged = touching.length === 0 ? undefined : mergeCumulative(touching, order, span)
  if (!merged) return undefined
  const shares = merged.shares.filter(({ samples }) => samples > 0)
  return { ...timesOf(span), value: round(merged.total), sources: shares.map(({ source }) => source.id) }
}

/** The mean of the best source that has readings in the span. */
export function meanOf(near: readonly Near[], span: Span, order: SourceOrder): Point | undefined {
  const touching = near.flatMap(({ cut }) => cut(span) ?? [])
  if (touching.length === 0) return undefined
  const rank = rankIn(order)
  const [best] = [...Map.groupBy(touching, ({ source }) => source.id).values()].sort((one, other) => {
    const [a, b] = [one[0]?.source, other[0]?.source]
    return a && b ? rank(a) - rank(b) || (a.id < b.id ? -1 : 1) : 0
  })
  const source = best?.[0]?.source.id
  if (best === undefined || source === undefined) return undefined
  const { sum, count, min, max } = best.length === 1 && best[0] ? figuresOf(best[0].value) : figuresOf(once(best))
  return { ...timesOf(span), value: round(sum / count), min, max, count, sources: [source] }
}

/** The same reading may stand in two sessions. */
function once(blocks: readonly Series[]): Float64Array {
  const seen = new Map<number, number[]>()
  const values: number[] = []
  for (const { startMs, value } of blocks)
    for (let at = 0; at < startMs.length; at++) {
      const [start, each] = [startMs[at] as number, value[at] as number]
      const known = seen.get(start)
      if (known?.includes(each)) continue
      if (known) known.push(each)
      else seen.set(start, [each])
      values.push(each)
    }
  return Float64Array.from(values)
}

function figuresOf(values: Float64Array): { sum: number; count: number; min: number; max: number } {
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) {
    const each = values[at] as number
    sum += each
    if (each < min) min = each
    if (each > max) max = each
  }
  return { sum, count: values.length, min, max }
}

function timesOf({ fromMs, toMs }: Span): { startTime: string; endTime: string } {
  return { startTime: textOf(fromMs), endTime: textOf(toMs) }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** To the microsecond, at a fixed width. */
export function textOf(ms: number): string {
  const whole = Math.floor(ms)
  return formatInstant(whole, Math.round((ms - whole) * 1000))
}
