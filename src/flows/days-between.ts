import type { Day } from '../model/day.ts'
import type { StoredInsight } from '../model/insight.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { nextDate } from './dirty-days.ts'
import { all } from './every.ts'

interface BetweenDeps {
  readonly documents: Documents
}

/** The days of a person from a date to another, both included, by date. */
export async function daysBetween({ documents }: BetweenDeps, userId: string, from: string, to: string): Promise<Stored<Day>[]> {
  const query = { collection: 'days', parent: `users/${userId}`, index: 'userDate', equals: [userId], from, to: nextDate(to) }
  return all<Day>(documents, query)
}

/** The same of their insights. */
export async function insightsBetween(
  { documents }: BetweenDeps,
  userId: string,
  from: string,
  to: string,
): Promise<Stored<StoredInsight>[]> {
  const query = { collection: 'insights', parent: `users/${userId}`, index: 'userDateType', equals: [userId], from, to: nextDate(to) }
  return all<StoredInsight>(documents, query)
}
