import { type MetricName, metrics } from '../model/metrics.ts'
import { Problem } from '../model/problem.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { dayBounds, localDate, type ZoneTimeline } from '../model/zone.ts'
import { zonesOf } from './day-input.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import { requireUser } from './manage-user.ts'
import { metricSeries, type SeriesDeps, type SessionSeries } from './metric-series.ts'
import { meanOf, type Near, nearOf, type Point, type Span, textOf, totalOf } from './span-points.ts'

export const resolutions = { raw: 0, '1min': 60_000, '5min': 300_000, '15min': 900_000, '1hour': 3_600_000, '1day': 86_400_000 } as const
export type Resolution = keyof typeof resolutions

export interface TimeseriesQuery {
  readonly metric: MetricName
  readonly fromMs: number
  readonly toMs: number
  readonly resolution: Resolution
  /** Id or name of the one source that is wanted. */
  readonly source: string | undefined
  /** Also of archived sessions. */
  readonly archived?: boolean
}

const DAY_MS = 86_400_000
const MOST_DAYS = 366
const MOST_POINTS = 50_000

/**
 * A metric over time, in its unit of the table. Of spans, a cumulative metric is the total by source priority, any other the mean of the best
 * source that has readings in the span. Spans are whole ones of UTC, a day is the person's. Throws `Problem('range_too_wide')`.
 */
export async function findTimeseries(deps: SeriesDeps, userId: string, query: TimeseriesQuery): Promise<Point[]> {
  const { metric, fromMs, toMs, resolution, source } = query
  const { user } = await requireUser(deps, userId)
  const widthMs = resolutions[resolution]
  if (toMs - fromMs > MOST_DAYS * DAY_MS * (resolution === '1day' ? 10 : 1)) throw tooWide('At most 366 days, ten years of whole days')
  if (widthMs > 0 && (toMs - fromMs) / widthMs > MOST_POINTS) throw tooWide(`At most ${MOST_POINTS} spans`)
  const zones = zonesOf(user)
  const isTotal = metrics[metric].kind === 'cumulative'
  const sessions = metricSeries(deps, userId, {
    metric,
    source,
    // A session may reach into the next date, and dates its samples by its own zone.
    from: previousDate(previousDate(localDate(zones, fromMs))),
    to: nextDate(lastDate(zones, toMs)),
    columns: isTotal ? ['end', 'flags'] : resolution === 'raw' ? ['end'] : [],
    archived: query.archived ?? false,
  })
  if (resolution === 'raw') return samplesOf(sessions, query)
  const spans = resolution === '1day' ? daysOf(zones, fromMs, toMs) : spansOf(fromMs, toMs, widthMs)
  return pointsOf(sessions, spans, zones, (near, span) =>
    (isTotal ? totalOf : meanOf)(near, span, user.sourcePriority?.order ?? defaultSourcePriority),
  )
}

function tooWide(what: string): Problem {
  return new Problem('range_too_wide', `${what} in one answer.`)
}

/** Of sessions that can have samples before an instant. */
function lastDate(zones: ZoneTimeline, ms: number): string {
  return nextDate(nextDate(localDate(zones, ms)))
}

interface Row {
  readonly startMs: number
  readonly endMs: number
  readonly value: number
  readonly id: string
}

async function samplesOf(sessions: AsyncIterable<SessionSeries>, { fromMs, toMs }: TimeseriesQuery): Promise<Point[]> {
  const rows: Row[] = []
  for await (const { series } of sessions) {
    const { startMs, endMs, value, source } = nearOf(series).cut({ fromMs, toMs }) ?? { ...series, startMs: new Float64Array() }
    for (let at = 0; at < startMs.length; at++)
      if ((startMs[at] as number) >= fromMs)
        rows.push({ startMs: startMs[at] as number, endMs: endMs[at] as number, value: value[at] as number, id: source.id })
    if (rows.length > MOST_POINTS) throw tooWide(`At most ${MOST_POINTS} samples`)
  }
  rows.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.value - b.value))
  return rows
    .filter((row, at) => isNew(row, rows[at - 1]))
    .map(({ startMs, endMs, value, id }) => ({
      startTime: textOf(startMs),
      ...(endMs > startMs && { endTime: textOf(endMs) }),
      value,
      sources: [id],
    }))
}

/** The same sample may stand in two sessions. */
function isNew(row: Row, before: Row | undefined): boolean {
  return !(before && row.startMs === before.startMs && row.endMs === before.endMs && row.id === before.id && row.value === before.value)
}

function* spansOf(fromMs: number, toMs: number, widthMs: number): Generator<Span> {
  for (let at = Math.floor(fromMs / widthMs) * widthMs; at < toMs; at += widthMs) yield { fromMs: at, toMs: at + widthMs }
}

function* daysOf(zones: ZoneTimeline, fromMs: number, toMs: number): Generator<Span> {
  for (let date = localDate(zones, fromMs); ; date = nextDate(date)) {
    const { startMs, endMs } = dayBounds(zones, date)
    if (startMs >= toMs && endMs > startMs) return
    if (endMs > startMs) yield { fromMs: startMs, toMs: endMs }
  }
}

/** Span by span, ascending, with only the sessions in memory that can touch it. */
async function pointsOf(
  sessions: AsyncGenerator<SessionSeries>,
  spans: Iterable<Span>,
  zones: ZoneTimeline,
  pointOf: (near: readonly Near[], span: Span) => Point | undefined,
): Promise<Point[]> {
  const points: Point[] = []
  let near: Near[] = []
  let next = await sessions.next()
  let readUntilMs = Number.NEGATIVE_INFINITY
  for (const span of spans) {
    near = stillNear(near, span.fromMs)
    if (span.toMs > readUntilMs) {
      const last = lastDate(zones, span.toMs)
      readUntilMs = dayBounds(zones, localDate(zones, span.toMs)).endMs
      for (; !next.done && next.value.localDate <= last; next = await sessions.next()) near.push(nearOf(next.value.series))
    }
    const point = pointOf(near, span)
    if (point) points.push(point)
  }
  await sessions.return(undefined)
  return points
}

/** Those that can touch a span that begins here, and the samples that are to be taken off a total which can. */
function stillNear(near: readonly Near[], fromMs: number): Near[] {
  const totals = near.filter(({ untilMs, series }) => untilMs > fromMs && series.isTotal)
  const first = Math.min(...totals.map(({ series }) => series.startMs[0] ?? fromMs))
  return near.filter(({ untilMs }) => untilMs > Math.min(fromMs, first))
}
