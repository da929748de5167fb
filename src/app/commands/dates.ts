import { Problem } from '../../model/problem.ts'
import { isCalendarDate } from '../../model/time.ts'
import type { Flags } from '../command.ts'

export const dateFlags = {
  user: { value: 'ID', help: 'whose' },
  date: { value: 'D', help: 'one date, YYYY-MM-DD' },
  from: { value: 'D', help: 'first date of a range' },
  to: { value: 'D', help: 'last date of a range' },
} as const

/** One date or a range, both ends included. Throws `Problem('wrong_use')`. */
export function requireDates({ date, from, to }: Flags): { readonly from: string; readonly to: string; readonly isRange: boolean } {
  if (date !== undefined && from === undefined && to === undefined) return { from: checked(date), to: checked(date), isRange: false }
  if (date !== undefined || from === undefined || to === undefined) throw new Problem('wrong_use', 'Say --date D, or --from D --to D.')
  if (checked(from) > checked(to)) throw new Problem('wrong_use', '--from lies after --to.')
  return { from, to, isRange: true }
}

function checked(date: string): string {
  if (!isCalendarDate(date)) throw new Problem('wrong_use', `${JSON.stringify(date.slice(0, 40))} is not a date of the form YYYY-MM-DD.`)
  return date
}
