import { epochDays } from './dates.ts'

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?$/
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A date in any spelling that can be read only one way; otherwise the code of what is wrong. */
export function carefulDate(text: string): { ms: number; offsetMinutes: number; secondOfDay: number } | 'invalid_date' | 'offset_required' {
  const match = SHAPE.exec(text.trim())
  if (!match) return 'invalid_date'
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const zone = match[8]
  if (zone === undefined) return 'offset_required'
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0)
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return 'invalid_date'
  const offsetMinutes = zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  if (Math.abs(offsetMinutes) > 18 * 60) return 'invalid_date'
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`)
  const secondOfDay = hour * 3600 + minute * 60 + second
  const ms = epochDays(year, month, day) * 86_400_000 + Math.round((secondOfDay + fraction) * 1e6) / 1e3 - offsetMinutes * 60_000
  return { ms, offsetMinutes, secondOfDay }
}
