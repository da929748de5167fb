import type { Day } from '../model/day.ts'
import type { StoredInsight } from '../model/insight.ts'
import type { DayRevision, InsightRevision } from '../model/revision.ts'
import { formatInstant, parseInstant } from '../model/time.ts'
import type { Documents, ListQuery, Write } from '../ports/documents.ts'

/** What a day said until now, for the batch that replaces it. */
export function keepDay(day: Day, replacedAt: string): Write {
  const { userId, date, revision } = day
  const body: DayRevision = { userId, date, replacedAt, day }
  return { op: 'put', path: `users/${userId}/dayRevisions/${date}_${revision}`, body }
}

/** What an insight said until now, for the batch that replaces it. */
export function keepInsight(insight: StoredInsight, replacedAt: string): Write {
  const { userId, date, type, insightId, revision } = insight
  const body: InsightRevision = { userId, date, type, replacedAt, insight }
  return { op: 'put', path: `users/${userId}/insightRevisions/${insightId}_${revision}`, body }
}

interface RevisionDeps {
  readonly documents: Documents
}

/** The revision of a day that stood at an instant; undefined where there was none yet. */
export async function dayAsOf({ documents }: RevisionDeps, day: Day, asOf: string): Promise<Day | undefined> {
  const at = evenly(asOf)
  const stood = (each: Day) => each.madeAt === undefined || each.madeAt <= at
  if (stood(day)) return day
  const { userId, date } = day
  const replaced = await replacedAfter<DayRevision>(documents, at, {
    collection: 'dayRevisions',
    parent: `users/${userId}`,
    equals: [userId, date],
  })
  return replaced !== undefined && stood(replaced.day) ? replaced.day : undefined
}

/** The revision of an insight that stood at an instant; undefined where there was none yet. */
export async function insightAsOf({ documents }: RevisionDeps, insight: StoredInsight, asOf: string): Promise<StoredInsight | undefined> {
  const at = evenly(asOf)
  const stood = ({ metadata }: StoredInsight) => metadata.generatedAt <= at
  if (stood(insight)) return insight
  const { userId, date, type } = insight
  const query = { collection: 'insightRevisions', parent: `users/${userId}`, equals: [userId, date, type] }
  const replaced = await replacedAfter<InsightRevision>(documents, at, query)
  return replaced !== undefined && stood(replaced.insight) ? replaced.insight : undefined
}

/** At the fixed width at which the order of texts is the order of times. */
function evenly(instant: string): string {
  const parsed = parseInstant(instant)
  return parsed.ok ? formatInstant(parsed.epochMs, parsed.micros) : instant
}

/** Revisions are replaced at whole milliseconds: the first that stood after `at` was replaced in the next one, or later. */
async function replacedAfter<T>(
  documents: Documents,
  at: string,
  query: Pick<ListQuery, 'collection' | 'parent' | 'equals'>,
): Promise<T | undefined> {
  const from = formatInstant(Date.parse(at) + 1)
  const { data } = await documents.list<T>({ ...query, index: 'replaced', from, limit: 1 })
  return data[0]?.body
}
