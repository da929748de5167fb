import type { Day } from '../model/day.ts'
import { formatInstant } from '../model/time.ts'
import type { Stored, Write } from '../ports/documents.ts'
import type { MadeInsight } from './make-day.ts'
import { keepDay, keepInsight } from './revisions.ts'

/** Of two analyses at once that make the same revision one fails, so that a revision is one day and one row. */
export function putDay(day: Day, stored: Stored<Day> | undefined, nowMs: number): Write[] {
  const madeAt = formatInstant(nowMs)
  const put: Write = { op: 'put', path: `users/${day.userId}/days/${day.date}`, body: { ...day, madeAt }, ...expecting(stored) }
  return stored === undefined ? [put] : [put, keepDay(stored.body, madeAt)]
}

export function putInsight({ insight, replaced }: MadeInsight): Write[] {
  const put: Write = { op: 'put', path: `users/${insight.userId}/insights/${insight.insightId}`, body: insight, ...expecting(replaced) }
  return replaced === undefined ? [put] : [put, keepInsight(replaced.body, insight.metadata.generatedAt)]
}

function expecting(stored: Stored | undefined): { readonly ifAbsent: true } | { readonly ifVersion: number } {
  return stored === undefined ? { ifAbsent: true } : { ifVersion: stored.version }
}
