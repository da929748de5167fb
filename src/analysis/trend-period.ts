import type { TrendType } from '../model/user-trend.ts'

/** Dates as `YYYY-MM-DD`, both included. */
export interface TrendPeriod {
  readonly start: string
  readonly end: string
  readonly days: number
}

interface Calendar {
  /** First date of the period that a date lies in. */
  startOf(date: string): string
  lengthOf(start: Temporal.PlainDate): Temporal.Duration | { readonly days?: number; readonly months?: number }
  /** First date of the same period a year before; undefined where that year had none. */
  yearBefore(start: Temporal.PlainDate): Temporal.PlainDate | undefined
  /** Days with a figure, at least, for its course. */
  readonly need: number
}

const calendars: Readonly<Record<TrendType, Calendar>> = {
  weekly: { startOf: mondayOf, lengthOf: () => ({ days: 7 }), yearBefore: sameWeekBefore, need: 4 },
  monthly: {
    startOf: (date) => `${date.slice(0, 7)}-01`,
    lengthOf: () => ({ months: 1 }),
    yearBefore: (start) => start.subtract({ years: 1 }),
    need: 10,
  },
  quarterly: {
    startOf: (date) => `${date.slice(0, 5)}${quarterMonths[Math.floor((Number(date.slice(5, 7)) - 1) / 3)]}-01`,
    lengthOf: () => ({ months: 3 }),
    yearBefore: (start) => start.subtract({ years: 1 }),
    need: 28,
  },
}

const quarterMonths = ['01', '04', '07', '10']
const DAY_MS = 86_400_000

/** Weeks are ISO 8601's: Monday to Sunday. */
export function periodStart(trendType: TrendType, date: string): string {
  return calendars[trendType].startOf(date)
}

export function periodFrom(trendType: TrendType, start: string): TrendPeriod {
  const first = Temporal.PlainDate.from(start)
  const next = first.add(calendars[trendType].lengthOf(first))
  return { start, end: next.subtract({ days: 1 }).toString(), days: first.until(next, { largestUnit: 'days' }).days }
}

export function periodBefore(trendType: TrendType, { start }: TrendPeriod): TrendPeriod {
  const lastOfIt = Temporal.PlainDate.from(start).subtract({ days: 1 }).toString()
  return periodFrom(trendType, periodStart(trendType, lastOfIt))
}

/** The ISO week of the same number, the same month or quarter. A year without a week 53 has nothing to compare one with. */
export function yearBefore(trendType: TrendType, { start }: TrendPeriod): TrendPeriod | undefined {
  const first = calendars[trendType].yearBefore(Temporal.PlainDate.from(start))
  return first && periodFrom(trendType, first.toString())
}

export function neededDays(trendType: TrendType): number {
  return calendars[trendType].need
}

function mondayOf(date: string): string {
  const ms = Date.parse(date)
  // 1970-01-01 was a Thursday.
  const sinceMonday = (((ms / DAY_MS + 3) % 7) + 7) % 7
  return new Date(ms - sinceMonday * DAY_MS).toISOString().slice(0, 10)
}

function sameWeekBefore(monday: Temporal.PlainDate): Temporal.PlainDate | undefined {
  const { weekOfYear, yearOfWeek } = monday
  const guess = monday.subtract({ days: 364 })
  for (const candidate of [guess, guess.subtract({ days: 7 })])
    if (candidate.weekOfYear === weekOfYear && candidate.yearOfWeek === (yearOfWeek ?? 0) - 1) return candidate
  return undefined
}
