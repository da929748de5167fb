import { instantOf, wallOf } from './zoned.ts'

export interface Ticks {
  readonly at: readonly number[]
  /** What is written at a tick. */
  label(ms: number): string
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Steps of the clock on the wall, ms. */
const clockSteps = [
  ...[5000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14].map((days) => days * DAY_MS),
]
const monthSteps = [1, 2, 3, 6, 12, 24, 60]

export interface TickOptions {
  readonly locale: string
  readonly zone: string
  /** Ticks at most. */
  readonly most: number
}

/** Round times of the clock and calendar of a zone within a span, as many as have room. */
export function ticksWithin(fromMs: number, toMs: number, { locale, zone, most }: TickOptions): Ticks {
  const [from, to] = [wallOf(fromMs, zone), wallOf(toMs, zone)]
  const step = clockSteps.find((each) => (toMs - fromMs) / each <= most)
  const walls = step === undefined ? monthsBetween(from, to, most) : clockBetween(from, to, step)
  const at = walls.map((wall) => instantOf(wall, zone)).filter((ms) => ms >= fromMs && ms <= toMs)
  return { at: [...new Set(at)], label: labels(locale, zone, step) }
}

/** Weeks begin on Mondays: the first of 1970 was the fifth of January. */
const MONDAY_MS = 4 * DAY_MS

function clockBetween(from: number, to: number, step: number): readonly number[] {
  const origin = step >= 7 * DAY_MS ? MONDAY_MS : 0
  const first = Math.ceil((from - origin) / step) * step + origin
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, place) => first + place * step)
}

function monthsBetween(from: number, to: number, most: number): readonly number[] {
  const monthOf = (wall: number) => new Date(wall).getUTCFullYear() * 12 + new Date(wall).getUTCMonth()
  const months = monthOf(to) - monthOf(from)
  const step = monthSteps.find((each) => months / each <= most) ?? 120
  const first = Math.ceil(monthOf(from) / step) * step
  return Array.from({ length: Math.max(0, Math.floor((monthOf(to) - first) / step) + 1) }, (_, place) => {
    const month = first + place * step
    return Date.UTC(Math.floor(month / 12), month % 12, 1)
  })
}

function labels(locale: string, zone: string, step: number | undefined): (ms: number) => string {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, hourCycle: 'h23' })
  const clock = format({ hour: '2-digit', minute: '2-digit', ...(step !== undefined && step < MINUTE_MS && { second: '2-digit' }) })
  const day = format({ day: 'numeric', month: 'short' })
  const month = format({ month: 'short' })
  const year = format({ year: 'numeric' })
  return (ms) => {
    const wall = wallOf(ms, zone)
    if (step === undefined) return new Date(wall).getUTCMonth() === 0 ? year.format(ms) : month.format(ms)
    return step >= DAY_MS || wall % DAY_MS === 0 ? day.format(ms) : clock.format(ms)
  }
}
