import { shifted } from '../../format/zoned.ts'

/** The weeks of a year from Monday to Sunday; a date of another year is undefined. */
export function weeksOf(year: string): readonly (readonly (string | undefined)[])[] {
  const weeks: (string | undefined)[][] = []
  for (let monday = mondayOf(`${year}-01-01`); monday <= `${year}-12-31`; monday = shifted(monday, 7)) {
    const start = monday
    weeks.push(Array.from({ length: 7 }, (_, day) => shifted(start, day)).map((date) => (date.startsWith(`${year}-`) ? date : undefined)))
  }
  return weeks
}

function mondayOf(date: string): string {
  return shifted(date, -((new Date(date).getUTCDay() + 6) % 7))
}
