import { dateText, offsetAt, startOfDay, utcMidnight } from './zone-offset.ts'

/**
 * Where a person's clock stood, and since when. `zone` is an IANA name or an offset such as `+09:00`.
 * Sorted by `fromMs` (epoch ms); the first entry also holds for everything before it.
 */
export interface ZoneSpan {
  readonly fromMs: number
  readonly zone: string
}
export type ZoneTimeline = readonly ZoneSpan[]

/** A timeline, and until when it rests on something seen (epoch ms; 0 when on nothing). */
export interface StoredZones {
  readonly timeline: ZoneTimeline
  readonly untilMs: number
}

export interface DayBounds {
  /** First instant of the local date, epoch ms. */
  readonly startMs: number
  /** First instant after it: 23, 24 or 25 hours later on most days, anything on a day of travel. */
  readonly endMs: number
  /** The zone in force when the day ended. */
  readonly zone: string
}

/** The local calendar date (`YYYY-MM-DD`) at an instant. */
export function localDate(timeline: ZoneTimeline, ms: number): string {
  return dateText(Math.floor(ms) + offsetAt(zoneAt(timeline, ms), ms).offsetMs)
}

/** The zone in force at an instant; `UTC` for an empty timeline. */
export function zoneAt(timeline: ZoneTimeline, ms: number): string {
  let zone = timeline[0]?.zone ?? 'UTC'
  for (const span of timeline) {
    if (span.fromMs > ms) break
    zone = span.zone
  }
  return zone
}

/** First and last instant of a local date. A flight makes the day longer or shorter; a date that the person never lived (date line) is empty. */
export function dayBounds(timeline: ZoneTimeline, date: string): DayBounds {
  const last = lastBounds.get(timeline)
  if (last?.date === date) return last.bounds
  const bounds = boundsOf(timeline, date)
  lastBounds.set(timeline, { date, bounds })
  return bounds
}

/** What is done with a date asks for its bounds several times. */
const lastBounds = new WeakMap<ZoneTimeline, { readonly date: string; readonly bounds: DayBounds }>()

function boundsOf(timeline: ZoneTimeline, date: string): DayBounds {
  const utcMs = utcMidnight(date)
  const spans = spansNear(timeline, utcMs)
  let startMs = Number.POSITIVE_INFINITY
  let endMs = Number.NEGATIVE_INFINITY
  let zone = spans[0]?.zone ?? 'UTC'
  spans.forEach((span, index) => {
    const from = span === timeline[0] ? Number.NEGATIVE_INFINITY : span.fromMs
    const until = spans[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    const begins = Math.max(from, startOfDay(span.zone, utcMs))
    const ends = Math.min(until, startOfDay(span.zone, utcMs + dayMs))
    if (begins >= ends) return
    startMs = Math.min(startMs, begins)
    if (ends > endMs) {
      endMs = ends
      zone = span.zone
    }
  })
  return endMs > startMs ? { startMs, endMs, zone } : { startMs: 0, endMs: 0, zone }
}

const dayMs = 86_400_000
const NEAR_MS = 3 * dayMs

/** The spans that can touch a date: asking the calendar for every zone a person ever was in is slow. */
function spansNear(timeline: ZoneTimeline, ms: number): ZoneTimeline {
  if (timeline.length === 0) return [{ fromMs: Number.NEGATIVE_INFINITY, zone: 'UTC' }]
  const first = Math.max(
    0,
    timeline.findLastIndex((span) => span.fromMs <= ms - NEAR_MS),
  )
  const after = timeline.findIndex((span) => span.fromMs > ms + NEAR_MS)
  return timeline.slice(first, after < 0 ? undefined : Math.max(after, first + 1))
}
