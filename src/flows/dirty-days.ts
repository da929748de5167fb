import type { StoredJob } from '../model/job.ts'
import { priorityRank } from '../model/job.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { every } from './every.ts'
import type { Kept } from './plan-session.ts'

/**
 * The work that changed sessions make: their dates and those beside them. A night or a walk may reach into the next date, and an evening
 * sleep has ended only when the next date shows it; a day that stays as it was gets no new revision. Written in the batch that keeps the
 * sessions, so that a crash in between leaves no day out of date unnoticed.
 */
export function dirtyDays({ clock }: { readonly clock: Clock }, userId: string, importId: string, changed: readonly Kept[]): Write[] {
  const dates = new Set<string>()
  for (const { localDate } of changed) for (const date of [previousDate(localDate), localDate, nextDate(localDate)]) dates.add(date)
  const sorted = [...dates].sort()
  if (sorted.length === 0) return []
  const jobId = `days_${importId}_${changed[0]?.localDate.replaceAll('-', '')}_${changed[0]?.sourceId}`.slice(0, 128)
  return [putJob({ jobId, userId, dates: sorted, nowMs: clock.nowMs() })]
}

/** A day that is not over yet waits for its end: then its insight speaks of all of it. */
export function dayAtItsEnd(userId: string, date: string, endMs: number, nowMs: number): Write {
  const jobId = `end_${date.replaceAll('-', '')}_${userId}`.slice(0, 128)
  return putJob({ jobId, userId, dates: [date], nowMs, notBefore: formatInstant(endMs) })
}

interface DayWork {
  readonly jobId: string
  readonly userId: string
  readonly dates: readonly string[]
  readonly nowMs: number
  readonly notBefore?: string
}

function putJob({ jobId, userId, dates, nowMs, notBefore }: DayWork): Write {
  const body: StoredJob = {
    jobId,
    userId,
    type: 'analyse_days',
    priority: priorityRank('normal'),
    createdAt: formatInstant(nowMs),
    input: { dates },
    errors: [],
    status: 'pending',
    ...(notBefore !== undefined && { notBefore }),
  }
  return { op: 'put', path: `jobs/${jobId}`, body }
}

export interface DirtyWork {
  readonly dates: readonly string[]
  readonly jobs: readonly { readonly path: string; readonly version: number; readonly body: StoredJob }[]
}

/** Every date of a person that waits to be analysed, and whose time has come. */
export async function findDirtyDays(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  userId: string,
): Promise<DirtyWork> {
  const now = formatInstant(clock.nowMs())
  const dates = new Set<string>()
  const jobs: { path: string; version: number; body: StoredJob }[] = []
  for await (const { path, version, body } of every<StoredJob>(documents, { collection: 'jobs', index: 'queue', equals: ['pending'] })) {
    if (body.userId !== userId || body.type !== 'analyse_days' || (body.notBefore ?? now) > now) continue
    jobs.push({ path, version, body })
    for (const date of datesOf(body)) dates.add(date)
  }
  return { dates: [...dates].sort(), jobs }
}

function datesOf({ input }: StoredJob): string[] {
  return Array.isArray(input.dates) ? input.dates.filter((date) => typeof date === 'string') : []
}

export function nextDate(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString()
}

export function previousDate(date: string): string {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString()
}
