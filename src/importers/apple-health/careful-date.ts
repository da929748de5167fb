import { epochDays } from './dates.ts'

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?$/
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export interface CarefulDate {
  readonly ms: number
  readonly offsetMinutes: number
  readonly secondOfDay: number
  /** Written as 23:59:60 UTC, and read as 23:59:59.999. */
  readonly isLeapSecond: boolean
}

/** A date of 1900–2200 in any spelling that can be read only one way; otherwise the code of what is wrong. 24:00:00 is the next day. */
export function carefulDate(text: string): CarefulDate | 'invalid_date' | 'offset_required' | 'out_of_range' {
  const match = SHAPE.exec(text.trim())
  if (!match) return 'invalid_date'
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const zone = match[8]
  if (zone === undefined) return 'offset_required'
  const fraction = Number(`0.${match[7] ?? 0}`)
  const endOfDay = hour === 24 && minute === 0 && second === 0 && fraction === 0
  if (!isDay(year, month, day) || (hour > 23 && !endOfDay) || minute > 59 || second > 60) return 'invalid_date'
  // Microseconds since 1970 are exact from 1684 to 2255 only; `Date.distantFuture` of Apple's is the year 4001.
  if (year < 1900 || year > 2200) return 'out_of_range'
  const offsetMinutes = zoneMinutes(zone)
  if (Number.isNaN(offsetMinutes)) return 'invalid_date'
  const dayMs = epochDays(year, month, day) * 86_400_000
  const secondOfDay = hour * 3600 + minute * 60 + second
  const ms = dayMs + Math.round((secondOfDay + fraction) * 1e6) / 1e3 - offsetMinutes * 60_000
  if (second < 60) return { ms, offsetMinutes, secondOfDay, isLeapSecond: false }
  // Leap seconds end a day of UTC, whatever the offset.
  const next = dayMs + secondOfDay * 1000 - offsetMinutes * 60_000
  return next % 86_400_000 === 0 ? { ms: next - 1, offsetMinutes, secondOfDay: secondOfDay - 1, isLeapSecond: true } : 'invalid_date'
}

/** NaN for an offset that no place on Earth has. */
function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  return hours > 18 || minutes > 59 ? Number.NaN : (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0))
}
