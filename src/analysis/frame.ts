import type { MetricName } from '../model/metrics.ts'
import type { Series } from '../model/series.ts'
import { defaultSourcePriority, type Source, type SourceOrder } from '../model/source.ts'
import { dayBounds, type ZoneTimeline, zoneAt } from '../model/zone.ts'
import type { DayInput } from './day-input.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000

/** The day's bounds, and its input arranged for reading. */
export interface DayFrame {
  readonly date: string
  readonly zones: ZoneTimeline
  /** In force when the day ended. */
  readonly zone: string
  /** The local date is [fromMs, toMs). */
  readonly fromMs: number
  readonly toMs: number
  /** 1380, 1440 or 1500 unless the person travelled. */
  readonly minutes: number
  /** Latest instant of which the input tells anything. */
  readonly knownUntilMs: number
  readonly series: (metric: MetricName) => readonly Series[]
  /** Orders sources, the better first: by the person's priority, then by id so that the order is always the same. */
  readonly prefer: (a: Source, b: Source) => number
}

export function frameOf(input: DayInput): DayFrame {
  const bounds = dayBounds(input.zones, input.date)
  const byMetric = new Map<MetricName, Series[]>()
  let knownUntilMs = bounds.startMs
  for (const series of input.series) {
    const same = byMetric.get(series.metric)
    if (same === undefined) byMetric.set(series.metric, [series])
    else same.push(series)
    knownUntilMs = Math.max(knownUntilMs, series.startMs.at(-1) ?? knownUntilMs)
  }
  for (const interval of input.sleep) knownUntilMs = Math.max(knownUntilMs, interval.startMs)
  const rank = rankIn(input.priority)
  return {
    date: input.date,
    zones: input.zones,
    zone: bounds.zone,
    fromMs: bounds.startMs,
    toMs: bounds.endMs,
    minutes: Math.round((bounds.endMs - bounds.startMs) / minuteMs),
    knownUntilMs,
    series: (metric) => byMetric.get(metric) ?? [],
    prefer: (a, b) => rank(a) - rank(b) || compareIds(a.id, b.id),
  }
}

export function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The place in a person's priority, 0 is best. Kinds that it leaves out come after it, in the default order. */
export function rankIn(priority: SourceOrder): (source: Pick<Source, 'id' | 'kind'>) => number {
  const order = [...new Set([...priority, ...defaultSourcePriority])]
  return ({ id, kind }) => {
    const own = order.indexOf(`id:${id}`)
    return own < 0 ? order.indexOf(kind) : own
  }
}

/** An instant as the person's clock showed it, with its offset. */
export function localText(zones: ZoneTimeline, ms: number): string {
  const { offsetMs, text } = offsetAt(zoneAt(zones, ms), ms)
  return `${new Date(Math.floor(ms / 1000) * 1000 + offsetMs).toISOString().slice(0, 19)}${text}`
}

interface Offset {
  readonly offsetMs: number
  /** `-04:00`. */
  readonly text: string
}

const quarterMs = 900_000
const offsets = new Map<string, Offset>()

/** Zones change their offset at full quarters of an hour, and a night asks for the same few again and again. */
function offsetAt(zone: string, ms: number): Offset {
  const quarter = Math.floor(ms / quarterMs)
  const key = `${quarter} ${zone}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const local = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs).toZonedDateTimeISO(zone)
  const offset = { offsetMs: local.offsetNanoseconds / 1e6, text: local.offset }
  if (offsets.size >= 1000) offsets.clear()
  offsets.set(key, offset)
  return offset
}

/** Minutes since local midnight, 0–1439. */
export function localMinute(zones: ZoneTimeline, ms: number): number {
  const clock = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zoneAt(zones, ms))
  return clock.hour * 60 + clock.minute
}

/** Whether an instant, or the start of a sample, lies in the day. */
export function inDay({ fromMs, toMs }: DayFrame, ms: number): boolean {
  return ms >= fromMs && ms < toMs
}

export function rounded(value: number, digits: number): number {
  const unit = 10 ** digits
  return Math.round(value * unit) / unit
}
