import type { Day } from '../../../src/model/day.ts'
import { Problem } from '../../../src/model/problem.ts'
import { client } from './client.ts'

/** The date of a person's newest insight; undefined while there is none. */
export async function latestDate(userId: string): Promise<string | undefined> {
  const { data } = (await client.listInsights({ params: { userId }, query: { limit: 1 } })).body
  return data[0]?.date
}

/** Undefined for a day without one. */
export function dayOf(userId: string, date: string): Promise<Day | undefined> {
  return unlessAbsent(client.getDay({ params: { userId, date } }))
}

/** The daily insight; undefined for a day without one. */
export function insightOf(userId: string, date: string) {
  return unlessAbsent(client.getInsight({ params: { userId, type: 'daily', date } }))
}

async function unlessAbsent<T>(asked: Promise<{ readonly body: T }>): Promise<T | undefined> {
  try {
    return (await asked).body
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}
