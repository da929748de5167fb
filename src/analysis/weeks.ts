import type { Day } from '../model/day.ts'
import { median } from '../signal/statistics.ts'
import { shiftDate } from './baseline.ts'
import { readingsLike, traceOf } from './day-trace.ts'
import { type Figure, type FigureName, figures } from './figures.ts'
import type { View } from './view.ts'

/** A figure's last 7 dates against the 21 before them, both within the 28 dates before and the day itself. */
export interface WeekChange {
  /** Medians, in the figure's unit. */
  readonly now: number
  readonly before: number
  readonly days: number
  readonly daysBefore: number
  readonly windowBefore: string
}

const needed = { week: 5, before: 10 }

/** Undefined unless 5 of the 7 and 10 of the 21 have the figure, all of the kind that the day has. Totals only of a date that is over. */
export function weekChange(view: View, name: FigureName): WeekChange | undefined {
  const figure: Figure = figures[name]
  if (figure.read(view.day) === undefined || (figure.cumulative && !view.over)) return undefined
  const now = readingsLike(view.day, name, view.week)
  // The week's own days are the last of them, and the day itself is not among them.
  const before = readingsLike(view.day, name, view.past.slice(0, view.past.length + 1 - view.week.length))
  if (now.length < needed.week || before.length < needed.before) return undefined
  return {
    now: median(now),
    before: median(before),
    days: now.length,
    daysBefore: before.length,
    windowBefore: `${shiftDate(view.day.date, -28)}/${shiftDate(view.day.date, -7)}`,
  }
}

/** 0 is Sunday. The first of January 1970 was a Thursday. */
export function weekday({ day }: View): number {
  return (traceOf(day).dayNumber + 4) % 7
}

/** What changes slowly is told once a week, on its last date. */
export function isWeekly(view: View): boolean {
  return weekday(view) === 0
}

/** The day and the dates before it, without a gap, for which the test holds. */
export function run(view: View, holds: (day: Day) => boolean): number {
  if (!holds(view.day)) return 0
  let days = 1
  for (const day of view.past.toReversed()) {
    if (traceOf(day).dayNumber !== traceOf(view.day).dayNumber - days || !holds(day)) break
    days++
  }
  return days
}
