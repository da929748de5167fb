import type { Day } from '../model/day.ts'
import type { StoredInsight } from '../model/insight.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { nextDate } from './dirty-days.ts'
import { all } from './every.ts'

interface BetweenDeps {
  readonly documents: Documents
}

/** The days of a person from a date to another, both included, by date. */
export function daysBetween({ documents }: BetweenDeps, userId: string, from: string, to: string): Promise<Stored<Day>[]> {
  return all<Day>(documents, daysQuery(userId, from, to))
}

/** What tells whether a day is to be made again, and which revision it is. */
export type DayStamp = Pick<Day, 'algorithmVersion' | 'date' | 'inputHash' | 'revision'>

/** The same of which nothing more is wanted. */
export function dayStampsBetween({ documents }: BetweenDeps, userId: string, from: string, to: string): Promise<Stored<DayStamp>[]> {
  return all<DayStamp>(documents, { ...daysQuery(userId, from, to), brief: true })
}

/** Their insights. */
export function insightsBetween({ documents }: BetweenDeps, userId: string, from: string, to: string): Promise<Stored<StoredInsight>[]> {
  return all<StoredInsight>(documents, insightsQuery(userId, from, to))
}

/** Of an insight likewise, and who told it. */
export type InsightStamp = Pick<StoredInsight, 'algorithmVersion' | 'inputHash' | 'metadata' | 'revision'>

export function insightStampsBetween(
  { documents }: BetweenDeps,
  userId: string,
  from: string,
  to: string,
): Promise<Stored<InsightStamp>[]> {
  return all<InsightStamp>(documents, { ...insightsQuery(userId, from, to), brief: true })
}

function daysQuery(userId: string, from: string, to: string) {
  return { collection: 'days', parent: `users/${userId}`, index: 'userDate', equals: [userId], from, to: nextDate(to) }
}

function insightsQuery(userId: string, from: string, to: string) {
  return { collection: 'insights', parent: `users/${userId}`, index: 'userDateType', equals: [userId], from, to: nextDate(to) }
}
