import { dayBounds, type ZoneTimeline } from '../model/zone.ts'
import type { Occasion, Occasions } from './occasions.ts'

/** One local date. Minutes count from the start of the first date. */
export interface CalendarDay {
  readonly index: number
  readonly date: string
  /** First minute, and the minute after the last. */
  readonly from: number
  readonly to: number
  /** Where the day began, and where it ended. */
  readonly zone: string
  readonly endZone: string
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number
  readonly occasions: ReadonlySet<Occasion>
}

/** Minutes of a flight, and nothing else than sitting happens between them. */
export interface Flight {
  readonly from: number
  readonly to: number
}

export interface Calendar {
  readonly originMs: number
  readonly minutes: number
  readonly home: string
  readonly timeline: ZoneTimeline
  readonly days: readonly CalendarDay[]
  readonly flights: readonly Flight[]
}

/**
 * Departures in local minutes of the day, so chosen that every minute between the last sleep before and the first sleep after the
 * flight has the same date in both zones: wherever between them a reader moves the clock, no sample changes its date.
 */
const departures = { 'flight-out': { minute: 8 * 60 + 30, hours: 7 }, 'flight-back': { minute: 11 * 60 + 30, hours: 8 } } as const

export function makeCalendar(dates: readonly string[], occasions: Occasions, home: string, abroad: string | undefined): Calendar {
  const flights: { ms: number; durationMs: number; zone: string }[] = []
  dates.forEach((date, index) => {
    const isOut = occasions[index]?.has('flight-out') === true
    if (abroad === undefined || !(isOut || occasions[index]?.has('flight-back'))) return
    const { minute, hours } = departures[isOut ? 'flight-out' : 'flight-back']
    flights.push({ ms: wallMs(date, isOut ? home : abroad, minute), durationMs: hours * 3600000, zone: isOut ? abroad : home })
  })
  const first = dates[0] ?? ''
  const originMs = wallMs(first, home, 0)
  const timeline = [{ fromMs: originMs, zone: home }, ...flights.map(({ ms, durationMs, zone }) => ({ fromMs: ms + durationMs / 2, zone }))]
  const days = dates.map((date, index) => {
    const bounds = dayBounds(timeline, date)
    return {
      index,
      date,
      from: (bounds.startMs - originMs) / 60000,
      to: (bounds.endMs - originMs) / 60000,
      zone:
        occasions[index]?.has('flight-back') && abroad !== undefined ? abroad : occasions[index]?.has('flight-out') ? home : bounds.zone,
      endZone: bounds.zone,
      weekday: Temporal.PlainDate.from(date).dayOfWeek,
      occasions: occasions[index] ?? new Set<Occasion>(),
    }
  })
  return {
    originMs,
    minutes: days.at(-1)?.to ?? 0,
    home,
    timeline,
    days,
    flights: flights.map(({ ms, durationMs }) => ({ from: (ms - originMs) / 60000, to: (ms + durationMs - originMs) / 60000 })),
  }
}

/** Minute at which a wall clock shows so many minutes after midnight of a date (negative: the evening before). */
export function wallMinute(calendar: Calendar, date: string, zone: string, minutes: number): number {
  return (wallMs(date, zone, minutes) - calendar.originMs) / 60000
}

function wallMs(date: string, zone: string, minutes: number): number {
  return Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes }).toZonedDateTime(zone).epochMilliseconds
}
