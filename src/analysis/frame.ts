import type { MetricName } from '../model/metrics.ts'
import { remembered } from '../model/remembered.ts'
import type { Series } from '../model/series.ts'
import { defaultSourcePriority, type Source, type SourceOrder } from '../model/source.ts'
import { dayBounds, type ZoneTimeline, zoneAt } from '../model/zone.ts'
import { dateText, offsetAt } from '../model/zone-offset.ts'
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
    const lastMs = series.startMs[series.startMs.length - 1]
    if (lastMs !== undefined && lastMs > knownUntilMs) knownUntilMs = lastMs
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
    series: (metric) => byMetric.get(metric) ?? none,
    prefer: (a, b) => rank(a) - rank(b) || compareIds(a.id, b.id),
  }
}

const none: readonly Series[] = []

export function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The place in a person's priority, 0 is best. Kinds that it leaves out come after it, in the default order. */
export const rankIn = remembered((priority: SourceOrder): ((source: Pick<Source, 'id' | 'kind'>) => number) => {
  const order = [...new Set([...priority, ...defaultSourcePriority])]
  const named = order.some((each) => each.startsWith('id:'))
  return ({ id, kind }) => {
    const own = named ? order.indexOf(`id:${id}`) : -1
    return own < 0 ? order.indexOf(kind) : own
  }
})

/** An instant as the person's clock showed it, with its offset. */
export function localText(zones: ZoneTimeline, ms: number): string {
  const { offsetMs, text } = offsetAt(zoneAt(zones, ms), ms)
  const localS = Math.floor(ms / 1000) + offsetMs / 1000
  const day = Math.floor(localS / daySeconds)
  const second = localS - day * daySeconds
  return `${dateOf(day)}T${twoDigits(second / 3600)}:${twoDigits((second / 60) % 60)}:${twoDigits(second % 60)}${text}`
}

const daySeconds = 86_400

let lastDate = { day: Number.NaN, text: '' }

/** Most of the instants of a night are of the date that was asked for last. */
function dateOf(day: number): string {
  if (day !== lastDate.day) lastDate = { day, text: dateText(day * daySeconds * 1000) }
  return lastDate.text
}

const digits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

function twoDigits(value: number): string {
  return digits[Math.floor(value)] as string
}

/** Minutes since local midnight, 0–1439. */
export function localMinute(zones: ZoneTimeline, ms: number): number {
  const local = Math.floor((Math.floor(ms) + offsetAt(zoneAt(zones, ms), ms).offsetMs) / minuteMs)
  return ((local % 1440) + 1440) % 1440
}

/** Whether an instant, or the start of a sample, lies in the day. */
export function inDay({ fromMs, toMs }: DayFrame, ms: number): boolean {
  return ms >= fromMs && ms < toMs
}

export function rounded(value: number, digits: number): number {
  const unit = 10 ** digits
  return Math.round(value * unit) / unit
}
