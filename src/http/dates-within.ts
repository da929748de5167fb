import { nextDate } from '../flows/dirty-days.ts'

const LAST_DATE = '9999-12-31'

/** `from` and `to` of a query, both included, as the store's lists have them. */
export function datesWithin({ from, to = LAST_DATE }: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  readonly from?: string
  readonly to?: string
} {
  return { ...(from !== undefined && { from }), ...(to !== LAST_DATE && { to: nextDate(to) }) }
}
