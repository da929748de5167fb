import type { StoredInsight } from '../model/insight.ts'
import type { Documents } from '../ports/documents.ts'
import { nextDate } from './dirty-days.ts'

/** Insights of the dates `from` to `to`, both included, oldest first. */
export async function insightsBetween(
  { documents }: { readonly documents: Documents },
  userId: string,
  from: string,
  to: string,
): Promise<StoredInsight[]> {
  const insights: StoredInsight[] = []
  let cursor: string | undefined
  do {
    const page = await documents.list<StoredInsight>({
      collection: 'insights',
      parent: `users/${userId}`,
      index: 'userDateType',
      equals: [userId],
      from,
      to: nextDate(to),
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    })
    insights.push(...page.data.map(({ body }) => body))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return insights.sort((a, b) => (a.date < b.date ? -1 : 1))
}
