import type { ProblemCode } from './problem.ts'

export type TimeFlag = 'leap_second' | 'nonexistent_local_time'

/** A point in time to the microsecond without a bigint: `epochMs` whole milliseconds, and `micros` (0–999) after them. */
export interface ParsedInstant {
  readonly ok: true
  readonly epochMs: number
  readonly micros: number
  readonly flags: readonly TimeFlag[]
}
export interface TimeRefused {
  readonly ok: false
  readonly code: ProblemCode
}

/**
 * RFC 3339 with an offset or `Z`, years 1970–9999. `24:00:00` is the next day; a leap second becomes 23:59:59.999 and a
 * flag; digits below the microsecond are dropped. Never throws; anything but text is `wrong_type`.
 */
export function parseInstant(text: unknown): ParsedInstant | TimeRefused {
  if (typeof text !== 'string') return refused('wrong_type')
  const fields = fieldsOf(text)
  if (!fields.ok) return fields
  if (fields.offset === undefined) return refused('offset_required')
  const offsetMinutes = minutesOf(fields.offset)
  if (offsetMinutes === undefined) return refused('invalid_date')
  const minuteMs = fields.wallMinuteMs - offsetMinutes * 60_000
  if (fields.second === 60) return leapSecond(minuteMs)
  return withinRange(minuteMs + fields.second * 1000 + fields.millis, fields.micros)
}

/**
 * A wall clock reading in a named zone, `2024-03-10T02:30:00`. A time that the clocks skipped moves forward by the skip and
 * is flagged; a time that happened twice is refused, as only an offset can tell which is meant. Never throws.
 */
export function resolveLocal(dateTime: unknown, zone: string): ParsedInstant | TimeRefused {
  if (typeof dateTime !== 'string') return refused('wrong_type')
  const zoneName = canonicalZone(zone)
  if (zoneName === undefined) return refused('invalid_timezone')
  const fields = fieldsOf(dateTime)
  if (!fields.ok) return fields
  if (fields.offset !== undefined || fields.second === 60) return refused('invalid_date')
  const wallMs = fields.wallMinuteMs + fields.second * 1000 + fields.millis
  const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC').toPlainDateTime()
  const earlier = wall.toZonedDateTime(zoneName, { disambiguation: 'earlier' })
  const later = wall.toZonedDateTime(zoneName, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return withinRange(earlier.epochMilliseconds, fields.micros)
  if (earlier.toPlainDateTime().equals(wall)) return refused('ambiguous_local_time')
  return withinRange(later.epochMilliseconds, fields.micros, ['nonexistent_local_time'])
}

/**
 * The IANA name in its own letter case; undefined for anything else. Abbreviations are refused, since `EST` means Panama to
 * some and New York to others, and so are offsets; of names without an area only UTC and its twin GMT pass.
 */
export function canonicalZone(text: string): string | undefined {
  if (/^(?:utc|gmt)$/i.test(text)) return 'UTC'
  if (!/^[A-Za-z]{2,20}(?:\/[A-Za-z0-9_+-]{1,30}){1,2}$/.test(text)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

/** RFC 3339 in UTC, `micros` 0 to 999, always with six digits: only at a fixed width is the order of texts the order of times. */
export function formatInstant(epochMs: number, micros = 0): string {
  // Temporal's own text takes ten times as long, that of Date four times: an import writes tens of thousands.
  if (!(epochMs >= 0 && epochMs < END_MS)) return `${new Date(epochMs).toISOString().slice(0, -1)}${digits(micros, 3)}Z`
  const whole = Math.floor(epochMs)
  const day = Math.floor(whole / DAY_MS)
  const ms = whole - day * DAY_MS
  const second = Math.floor(ms / 1000)
  const beyond = ms % 1000 === 0 && micros === 0 ? WHOLE_SECOND : `.${three[ms % 1000]}${three[micros] ?? digits(micros, 3)}Z`
  // Few pieces, as each of a longer text is an object that stays until somebody reads it.
  return dateText(day) + ((minutes[Math.floor(second / 60)] as string) + two[second % 60]) + beyond
}

const WHOLE_SECOND = '.000000Z'

const DAY_MS = 86_400_000
/** The year 10000. */
const END_MS = 253_402_300_800_000
const digits = (value: number, width: number) => String(value).padStart(width, '0')
const two = Array.from({ length: 60 }, (_, value) => digits(value, 2))
const three = Array.from({ length: 1000 }, (_, value) => digits(value, 3))
/** `09:41:` for each of a day. */
const minutes = Array.from({ length: 1440 }, (_, minute) => `${two[Math.floor(minute / 60)]}:${two[minute % 60]}:`)
/** Dates that are remembered, each at a place of its own; a power of two. */
const MOST_DATES = 1024
const days = new Int32Array(MOST_DATES).fill(-1)
const dates: string[] = new Array(MOST_DATES).fill('')

/** `2024-01-20T` */
function dateText(day: number): string {
  const place = day & (MOST_DATES - 1)
  if (days[place] !== day) {
    days[place] = day
    dates[place] = new Date(day * DAY_MS).toISOString().slice(0, 11)
  }
  return dates[place] as string
}

/** A date that the calendar has, `YYYY-MM-DD`, years 0001–9999. */
export function isCalendarDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  return year !== undefined && Number(year) > 0 && dateExists(Number(year), Number(month), Number(day))
}

interface Fields {
  readonly ok: true
  /** As if the wall clock showed UTC. */
  readonly wallMinuteMs: number
  readonly second: number
  readonly millis: number
  readonly micros: number
  readonly offset: string | undefined
}

const shape = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,30}))?([Zz]|[+-]\d{2}:\d{2})?$/

function fieldsOf(text: string): Fields | TimeRefused {
  if (/^[+-]\d{6}-|^[+-]?infinity$/i.test(text)) return refused('out_of_range')
  const match = shape.exec(text)
  if (match === null) return refused('invalid_date')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const fraction = (match[7] ?? '').padEnd(6, '0')
  if (year === 0) return refused('out_of_range')
  const endOfDay = hour === 24 && minute === 0 && second === 0 && Number(fraction) === 0
  if (!dateExists(year, month, day) || (hour > 23 && !endOfDay) || minute > 59 || second > 60) return refused('invalid_date')
  const wallMinuteMs = daysFromEpoch(year, month, day) * DAY_MS + (hour * 60 + minute) * 60_000
  return { ok: true, wallMinuteMs, second, millis: Number(fraction.slice(0, 3)), micros: Number(fraction.slice(3, 6)), offset: match[8] }
}

function dateExists(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar, years counted from March so that the leap day comes last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return marchYear * 365 + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400) + dayOfYear - 719_468
}

function minutesOf(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(4))
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** Leap seconds end a UTC day, so the minute must be 23:59 in UTC whatever the offset. */
function leapSecond(minuteMs: number): ParsedInstant | TimeRefused {
  const lastMinute = ((minuteMs % DAY_MS) + DAY_MS) % DAY_MS === DAY_MS - 60_000
  return lastMinute ? withinRange(minuteMs + 59_999, 0, ['leap_second']) : refused('invalid_date')
}

function withinRange(epochMs: number, micros: number, flags: readonly TimeFlag[] = []): ParsedInstant | TimeRefused {
  return epochMs >= 0 && epochMs < END_MS ? { ok: true, epochMs, micros, flags } : refused('out_of_range')
}

function refused(code: ProblemCode): TimeRefused {
  return { ok: false, code }
}
