import type { Documents } from '../ports/documents.ts'
import { dayStampsBetween } from './days-between.ts'

export interface Span {
  readonly days: number
  readonly firstDate?: string
  readonly lastDate?: string
}

/** How many days of a person are known, and from when to when. */
export async function findSpan(deps: { readonly documents: Documents }, userId: string): Promise<Span> {
  const dates = (await dayStampsBetween(deps, userId, '0001-01-01', '9999-12-30')).map(({ body }) => body.date)
  const first = dates[0]
  const last = dates.at(-1)
  return { days: dates.length, ...(first !== undefined && { firstDate: first }), ...(last !== undefined && { lastDate: last }) }
}
