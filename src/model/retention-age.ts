import type { RetentionWish } from './retention.ts'

/**
 * What is older than `age` at an instant began before this one; text at the fixed width of stored instants. Whole years and months go by the
 * calendar: what began on 29 February is two years old when 1 March comes. The result may name a day that its month lacks, and stands at its
 * right place in the order of texts all the same. Undefined for `indefinite`.
 */
export function beginOf(age: RetentionWish, now: string): string | undefined {
  const [count, unit = ''] = age.split('_')
  if (unit === '') return undefined
  if (unit.startsWith('day'))
    return Temporal.Instant.from(now)
      .subtract({ hours: 24 * Number(count) })
      .toString({ smallestUnit: 'microsecond' })
  const months = Number(now.slice(0, 4)) * 12 + Number(now.slice(5, 7)) - 1 - Number(count) * (unit.startsWith('year') ? 12 : 1)
  return `${monthText(months)}${now.slice(7)}`
}

/** When what began at `at`, an instant or a date, will be of that age: the first instant at which `beginOf` has passed it. Undefined for `indefinite`. */
export function endOf(age: RetentionWish, at: string): string | undefined {
  const [count, unit = ''] = age.split('_')
  if (unit === '') return undefined
  const start = at.length === 10 ? dayAfter(at) : at
  if (unit.startsWith('day'))
    return Temporal.Instant.from(start)
      .add({ hours: 24 * Number(count) })
      .toString({ smallestUnit: 'microsecond' })
  const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + Number(count) * (unit.startsWith('year') ? 12 : 1)
  return calendarText(monthText(months), start.slice(7))
}

/** A date is as old as its end. */
function dayAfter(date: string): string {
  return `${Temporal.PlainDate.from(date).add({ days: 1 })}T00:00:00.000000Z`
}

/** A day that its month lacks is the first of the next. */
function calendarText(month: string, rest: string): string {
  const last = Temporal.PlainYearMonth.from(month).daysInMonth
  if (Number(rest.slice(1, 3)) <= last) return `${month}${rest}`
  return `${Temporal.PlainYearMonth.from(month).add({ months: 1 })}-01T00:00:00.000000Z`
}

function monthText(months: number): string {
  const year = Math.max(0, Math.floor(months / 12))
  return `${String(year).padStart(4, '0')}-${String((((months % 12) + 12) % 12) + 1).padStart(2, '0')}`
}
