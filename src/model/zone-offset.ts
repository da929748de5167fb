import { dateOfDay, dayNumber } from './calendar.ts'
import { isCalendarDate } from './time.ts'

/** A time in which a zone's clock was ahead of UTC by so much. */
export interface OffsetSpan {
  readonly fromMs: number
  readonly untilMs: number
  readonly offsetMs: number
  /** `-04:00`. */
  readonly text: string
}

const MOST_ZONES = 1000
const known = new Map<string, OffsetSpan[]>()

/** The offset in force at an instant. Zones are asked for the same few of them hundreds of thousands of times, and the calendar is slow to ask. */
export function offsetAt(zone: string, ms: number): OffsetSpan {
  if (last?.zone === zone && holds(last.span, ms)) return last.span
  const span = spanAt(zone, ms)
  last = { zone, span }
  return span
}

/** Who asks about an instant asks about its neighbours. */
let last: { readonly zone: string; readonly span: OffsetSpan } | undefined

function holds({ fromMs, untilMs }: OffsetSpan, ms: number): boolean {
  return fromMs <= ms && ms < untilMs
}

function spanAt(zone: string, ms: number): OffsetSpan {
  const spans = known.get(zone)
  const found = spans?.find((span) => holds(span, ms))
  if (found !== undefined) return found
  const span = askCalendar(zone, Math.floor(ms))
  if (spans !== undefined) spans.push(span)
  else if (known.size < MOST_ZONES) known.set(zone, [span])
  return span
}

function askCalendar(zone: string, ms: number): OffsetSpan {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  // A change at this very instant is none before it.
  const before = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  return {
    fromMs: before?.epochMilliseconds ?? -Infinity,
    untilMs: at.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offsetMs: at.offsetNanoseconds / 1e6,
    text: at.offset,
  }
}

const dayMs = 86_400_000

/** The first instant of a calendar date in UTC, epoch ms. Throws `RangeError` for what is no date. */
export function utcMidnight(date: string): number {
  return isCalendarDate(date) ? dayNumber(date) * dayMs : Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds
}

/** The first instant in a zone of the date that begins in UTC at `utcMs`, epoch ms. */
export function startOfDay(zone: string, utcMs: number): number {
  const { fromMs, untilMs, offsetMs } = offsetAt(zone, utcMs)
  const startMs = utcMs - offsetMs
  // Near a change of the clock a midnight may be missing, or come twice.
  const isPlain = startMs - 2 * dayMs >= fromMs && startMs + 2 * dayMs < untilMs
  return isPlain ? startMs : Temporal.PlainDate.from(dateText(utcMs)).toZonedDateTime(zone).epochMilliseconds
}

/** The calendar date, `YYYY-MM-DD`, that UTC's clock shows at an instant. */
export function dateText(ms: number): string {
  return dateOfDay(Math.floor(ms / dayMs))
}
