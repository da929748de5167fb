/** What the specification's table and a person's wish say of one thing on one day, in whole UTC days; by the calendar of `Date`, and nothing else of the house. */
export interface Rule {
  readonly hotYears: number
  readonly totalYears: number
  readonly wish: string
}

export type Fate = 'hot' | 'archived' | 'gone'

/** Of what began on `from` as it is on the morning of `today`, both `YYYY-MM-DD`. */
export function fateOf(from: string, today: string, { hotYears, totalYears, wish }: Rule): Fate {
  const ends = [aged(from, `${totalYears}_years`), ...(wish === 'indefinite' ? [] : [aged(from, wish)])]
  if (ends.some((end) => end < today)) return 'gone'
  return aged(from, `${hotYears}_years`) < today ? 'archived' : 'hot'
}

/** The date in the course of which it reaches an age: of a day that a month lacks, as 29 February in most years, it is the month's last. */
function aged(from: string, age: string): string {
  const [count = '', unit = ''] = age.split('_')
  const date = new Date(`${from}T00:00:00Z`)
  if (unit.startsWith('year')) date.setUTCFullYear(date.getUTCFullYear() + Number(count))
  if (unit.startsWith('year') && date.getUTCDate() !== Number(from.slice(8))) date.setUTCDate(0)
  if (unit.startsWith('month')) date.setUTCMonth(date.getUTCMonth() + Number(count))
  if (unit.startsWith('month') && date.getUTCDate() !== Number(from.slice(8))) date.setUTCDate(0)
  if (unit.startsWith('day')) date.setUTCDate(date.getUTCDate() + Number(count))
  return date.toISOString().slice(0, 10)
}
