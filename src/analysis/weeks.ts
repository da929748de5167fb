import type { Day } from '../model/day.ts'
import { median } from '../signal/statistics.ts'
import { shiftDate } from './baseline.ts'
import { traceOf } from './day-trace.ts'
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
  const now = valuesOf(figure, view.day, view.week)
  const before = valuesOf(
    figure,
    view.day,
    view.past.filter((day) => !view.week.includes(day)),
  )
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
  let days = 0
  for (let date = view.day.date; ; date = shiftDate(date, -1)) {
    const day = date === view.day.date ? view.day : view.past.find((each) => each.date === date)
    if (day === undefined || !holds(day)) return days
    days++
  }
}

function valuesOf(figure: Figure, day: Day, days: readonly Day[]): number[] {
  const kind = figure.kind(day)
  return days.flatMap((each) => (figure.kind(each) === kind ? (figure.read(each) ?? []) : []))
}
