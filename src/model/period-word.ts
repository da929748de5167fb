import { z } from 'zod'

/** A whole year, quarter, month or ISO week: `2024`, `2024-Q1`, `2024-03`, `2024-W05`. Arbitrary ranges would let one day be worked out. */
export const PeriodWord = z
  .string()
  .refine((word) => datesOfPeriod(word) !== undefined, 'Such as 2024, 2024-Q1, 2024-03 or 2024-W05, if the year has that week')

const pattern = /^(?!0000)(\d{4})(?:-(Q[1-4]|0[1-9]|1[0-2]|W(?:0[1-9]|[1-4]\d|5[0-3])))?$/

/** Both included, and how many days a person needs in it. Undefined for a word that names nothing. */
export function datesOfPeriod(word: string): { readonly from: string; readonly to: string; readonly leastDays: number } | undefined {
  const [, year, part] = pattern.exec(word) ?? []
  if (year === undefined) return undefined
  if (part === undefined) return span(`${year}-01-01`, { years: 1 }, 84)
  if (part.startsWith('Q')) return span(`${year}-${String(Number(part[1]) * 3 - 2).padStart(2, '0')}-01`, { months: 3 }, 28)
  if (!part.startsWith('W')) return span(`${year}-${part}-01`, { months: 1 }, 10)
  // 4 January lies in the first week of ISO 8601.
  const fourth = Temporal.PlainDate.from(`${year}-01-04`)
  const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: Number(part.slice(1)) - 1 })
  return monday.yearOfWeek === Number(year) ? span(monday.toString(), { days: 7 }, 4) : undefined
}

function span(from: string, length: { readonly days?: number; readonly months?: number; readonly years?: number }, leastDays: number) {
  return { from, to: Temporal.PlainDate.from(from).add(length).subtract({ days: 1 }).toString(), leastDays }
}
