import type { LifecycleRun } from '../model/archive.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Stored } from '../ports/documents.ts'

const HOUR_MS = 3_600_000
/** A run is due every day; after so long a silence a clock that jumped and a house that slept look the same. */
export const LONGEST_GAP_MS = 32 * 24 * HOUR_MS
/** What was noted is believed when it has stood for so long. */
const LEAST_NOTED_MS = 20 * HOUR_MS

export const runPath = 'system/lifecycle'

export function findRun({ documents }: { readonly documents: Documents }): Promise<Stored<LifecycleRun> | undefined> {
  return documents.get<LifecycleRun>(runPath)
}

/**
 * Throws `Problem('clock_jumped')` where this run's time does not follow from the last run's: an hour or more before it, or more than 32 days
 * after it, unless a run that was refused noted a time from which it follows.
 */
export function checkClock(last: LifecycleRun | undefined, atMs: number): void {
  if (last?.at === undefined || follows(Date.parse(last.at), atMs)) return
  const notedMs = last.noted === undefined ? Number.NaN : Date.parse(last.noted)
  if (atMs - notedMs >= LEAST_NOTED_MS && atMs - notedMs <= LONGEST_GAP_MS) return
  throw new Problem(
    'clock_jumped',
    `The last run was at ${last.at}, this one would be at ${new Date(atMs).toISOString()}: the clock jumped, or nothing ran for long. Nothing was archived or destroyed.`,
  )
}

function follows(lastMs: number, atMs: number): boolean {
  return atMs >= lastMs - HOUR_MS && atMs <= lastMs + LONGEST_GAP_MS
}
