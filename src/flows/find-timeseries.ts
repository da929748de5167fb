import { rankIn } from '../analysis/frame.ts'
import { mergeCumulative } from '../analysis/merge.ts'
import { type MetricName, metrics } from '../model/metrics.ts'
import { Problem } from '../model/problem.ts'
import type { Series } from '../model/series.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'
import { dayBounds, localDate, type ZoneTimeline } from '../model/zone.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import { sessionLoader } from './load-samples.ts'
import { zonesOf } from './make-day.ts'
import { requireUser } from './manage-user.ts'

export const resolutions = { raw: 0, '1min': 60_000, '5min': 300_000, '15min': 900_000, '1hour': 3_600_000, '1day': 86_400_000 } as const
export type Resolution = keyof typeof resolutions

export interface TimeseriesQuery {
  readonly metric: MetricName
  readonly fromMs: number
  readonly toMs: number
  readonly resolution: Resolution
  /** Id or name of the one source that is wanted. */
  readonly source: string | undefined
}

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

const DAY_MS = 86_400_000
const MOST_DAYS = 366
const MOST_POINTS = 50_000

/**
 * A metric over time, in its unit of the table. Of spans, a cumulative metric is the total by source priority, any other the mean of the best
 * source that has readings in the span. Spans are whole ones of UTC, a day is the person's. Throws `Problem('range_too_wide')`.
 */
export async function findTimeseries(
  deps: { readonly documents: Documents; readonly blobs: Blobs },
  userId: string,
  query: TimeseriesQuery,
): Promise<Point[]> {
  const { fromMs, toMs, resolution } = query
  const { user } = await requireUser(deps, userId)
  const widthMs = resolutions[resolution]
  if (toMs - fromMs > MOST_DAYS * DAY_MS * (resolution === '1day' ? 10 : 1)) throw tooWide('At most 366 days, ten years of whole days')
  if (widthMs > 0 && (toMs - fromMs) / widthMs > MOST_POINTS) throw tooWide(`At most ${MOST_POINTS} spans`)
  const zones = zonesOf(user)
  const series = await seriesOf(deps, userId, query, zones)
  if (resolution === 'raw') return samplesOf(series, query)
  const spans = resolution === '1day' ? daysOf(zones, fromMs, toMs) : spansOf(fromMs, toMs, widthMs)
  return metrics[query.metric].kind === 'cumulative' ? totalsOf(series, spans) : meansOf(series, spans)
}

function tooWide(what: string): Problem {
  return new Problem('range_too_wide', `${what} in one answer.`)
}

async function seriesOf(
  deps: { readonly documents: Documents; readonly blobs: Blobs },
  userId: string,
  { metric, fromMs, toMs, source }: TimeseriesQuery,
  zones: ZoneTimeline,
): Promise<Series[]> {
  const sessionsOf = sessionLoader(deps, userId)
  const found: Series[] = []
  // A session may reach into the next date, and dates its samples by its own zone.
  const last = nextDate(localDate(zones, toMs))
  for (let date = previousDate(previousDate(localDate(zones, fromMs))); date <= last; date = nextDate(date))
    for (const { series } of await sessionsOf(date)) found.push(...series.filter((each) => each.metric === metric))
  return found.filter((each) => source === undefined || each.source.id === source || each.source.name === source)
}

function samplesOf(series: readonly Series[], { fromMs, toMs }: TimeseriesQuery): Point[] {
  const rows: { startMs: number; endMs: number; value: number; id: string }[] = []
  for (const { startMs, endMs, value, source } of series)
    for (let at = 0; at < value.length; at++) {
      const start = startMs[at] as number
      if (start >= fromMs && start < toMs)
        rows.push({ startMs: start, endMs: endMs[at] as number, value: value[at] as number, id: source.id })
    }
  if (rows.length > MOST_POINTS) throw tooWide(`At most ${MOST_POINTS} samples`)
  rows.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.value - b.value))
  const isNew = (at: number) => {
    const [row, before] = [rows[at], rows[at - 1]]
    return !(before && row?.startMs === before.startMs && row.endMs === before.endMs && row.id === before.id && row.value === before.value)
  }
  return rows
    .filter((_, at) => isNew(at))
    .map(({ startMs, endMs, value, id }) => ({
      startTime: textOf(startMs),
      ...(endMs > startMs && { endTime: textOf(endMs) }),
      value,
      sources: [id],
    }))
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

function spansOf(fromMs: number, toMs: number, widthMs: number): Span[] {
  const spans: Span[] = []
  for (let at = Math.floor(fromMs / widthMs) * widthMs; at < toMs; at += widthMs) spans.push({ fromMs: at, toMs: at + widthMs })
  return spans
}

function daysOf(zones: ZoneTimeline, fromMs: number, toMs: number): Span[] {
  const spans: Span[] = []
  for (let date = localDate(zones, fromMs); ; date = nextDate(date)) {
    const { startMs, endMs } = dayBounds(zones, date)
    if (startMs >= toMs && endMs > startMs) return spans
    if (endMs > startMs) spans.push({ fromMs: startMs, toMs: endMs })
  }
}

/** Spans without samples are left out: missing is not zero. */
function totalsOf(series: readonly Series[], spans: readonly Span[]): Point[] {
  const near = series.map(nearBy)
  return spans.flatMap(({ fromMs, toMs }): Point[] => {
    const touching = near.flatMap((cut) => cut(fromMs, toMs) ?? [])
    const merged = touching.length === 0 ? undefined : mergeCumulative(touching, defaultSourcePriority, { fromMs, toMs })
    if (!merged) return []
    const shares = merged.shares.filter(({ samples }) => samples > 0)
    const sources = shares.map(({ source }) => source.id)
    return [{ startTime: textOf(fromMs), endTime: textOf(toMs), value: round(merged.total), sources }]
  })
}

/** The samples of a series that can touch a span, by the longest of them. */
function nearBy(series: Series): (fromMs: number, toMs: number) => Series | undefined {
  const longest = series.endMs.reduce((most, end, at) => Math.max(most, end - (series.startMs[at] as number)), 0)
  return (fromMs, toMs) => {
    const from = firstFrom(series.startMs, fromMs - longest)
    const to = firstFrom(series.startMs, toMs)
    if (from >= to) return undefined
    const cut = <T extends Float64Array | Uint8Array>(column: T) => column.subarray(from, to) as T
    return { ...series, startMs: cut(series.startMs), endMs: cut(series.endMs), value: cut(series.value), manual: cut(series.manual) }
  }
}

function firstFrom(sorted: Float64Array, ms: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < ms) low = middle + 1
    else high = middle
  }
  return low
}

function meansOf(series: readonly Series[], spans: readonly Span[]): Point[] {
  const rank = rankIn(defaultSourcePriority)
  const bySource = [...Map.groupBy(series, ({ source }) => source.id).values()].sort((one, other) => {
    const [a, b] = [one[0]?.source, other[0]?.source]
    return a && b ? rank(a) - rank(b) || (a.id < b.id ? -1 : 1) : 0
  })
  return spans.flatMap((span): Point[] => {
    for (const blocks of bySource) {
      const point = meanOf(blocks, span)
      if (point) return [point]
    }
    return []
  })
}

function meanOf(blocks: readonly Series[], { fromMs, toMs }: Span): Point | undefined {
  let [sum, count, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const seen = blocks.length > 1 ? new Set<string>() : undefined
  for (const { startMs, value } of blocks)
    for (let at = firstFrom(startMs, fromMs); at < startMs.length && (startMs[at] as number) < toMs; at++) {
      const each = value[at] as number
      // The same reading may stand in two sessions.
      const known = `${startMs[at]} ${each}`
      if (seen?.has(known)) continue
      seen?.add(known)
      sum += each
      count++
      min = Math.min(min, each)
      max = Math.max(max, each)
    }
  const source = blocks[0]?.source.id
  if (count === 0 || source === undefined) return undefined
  return { startTime: textOf(fromMs), endTime: textOf(toMs), value: round(sum / count), min, max, count, sources: [source] }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function textOf(ms: number): string {
  const whole = Math.floor(ms)
  return formatInstant(whole, Math.round((ms - whole) * 1000))
}
