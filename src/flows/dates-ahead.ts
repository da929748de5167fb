import { dayNumber } from '../model/calendar.ts'
import { firstFrom } from '../model/first-from.ts'

/** Dates that are read in one step. With 16 what was read lived long enough to fill the old generation. */
const AHEAD = 8
/** Dates further apart than this are not read together: what lies between is not wanted. */
const MOST_APART = 7

/**
 * What lies at dates, for who asks for `coming` (ascending) in their order: with one, those that come after it are read in the same step. A
 * date that is not among them is read by itself.
 */
export function readAhead<T>(coming: readonly string[], read: (from: string, to: string) => Promise<T>): (date: string) => Promise<T> {
  let last: { readonly from: string; readonly to: string; readonly found: Promise<T> } | undefined
  return async (date) => {
    if (last === undefined || date < last.from || date > last.to) {
      const to = endOfRun(coming, date)
      last = { from: date, to, found: read(date, to) }
    }
    return last.found
  }
}

/** The last of the dates that are read with this one. */
function endOfRun(coming: readonly string[], date: string): string {
  const at = firstFrom(coming, date)
  let last = date
  for (let next = at; next < Math.min(at + AHEAD, coming.length); next++) {
    const each = coming[next] as string
    if (dayNumber(each) - dayNumber(last) > MOST_APART) break
    last = each
  }
  return last
}
