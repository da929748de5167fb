import type { StoredInsight } from '../model/insight.ts'
import type { Documents } from '../ports/documents.ts'
import { nextDate } from './dirty-days.ts'
import { all } from './every.ts'

/** Insights of the dates `from` to `to`, both included, oldest first. */
export async function insightsBetween(
  { documents }: { readonly documents: Documents },
  userId: string,
  from: string,
  to: string,
): Promise<StoredInsight[]> {
  const query = { collection: 'insights', parent: `users/${userId}`, index: 'userDateType', equals: [userId], from, to: nextDate(to) }
  const found = await all<StoredInsight>(documents, query)
  const insights = found.map(({ body }) => body)
  return insights.sort((a, b) => (a.date < b.date ? -1 : 1))
}
