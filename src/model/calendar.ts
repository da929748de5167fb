const DAY_MS = 86_400_000

/**
 * Days since 1970 of a calendar date, `YYYY-MM-DD` (Howard Hinnant, days_from_civil). Date takes twenty times as long, and ten years of a
 * person ask a million times.
 */
export function dayNumber(date: string): number {
  const month = number(date, 5, 7)
  // Years that begin in March, so that the leap day is their last.
  const year = number(date, 0, 4) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const ofEra = year - 400 * era
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + number(date, 8, 10) - 1
  return 146_097 * era + 365 * ofEra + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function number(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = 10 * value + text.charCodeAt(at) - 48
  return value
}

/** Dates that are remembered, each at a place of its own; a power of two. */
const MOST_DATES = 1024
const days = new Float64Array(MOST_DATES).fill(Number.NaN)
const dates: string[] = new Array(MOST_DATES).fill('')

/** The date so many days after the first of 1970. */
export function dateOfDay(day: number): string {
  const place = day & (MOST_DATES - 1)
  if (days[place] !== day) {
    const text = new Date(day * DAY_MS).toISOString()
    dates[place] = text.slice(0, text.indexOf('T'))
    days[place] = day
  }
  return dates[place] as string
}
