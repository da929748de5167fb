import { shiftDate } from '../analysis/baseline.ts'
import type { DirtyDay } from '../model/dirty-day.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { all } from './every.ts'
import { jobWordOf } from './job-word.ts'
import { newJob } from './queue-job.ts'

/** What comes for a person within so long is one recomputation. */
export const WINDOW_MS = 2000

/**
 * Marks dates and queues the job that makes their days, blindly: nothing is read, and who marks the same date again marks it once. Written in
 * the batch that keeps the sessions, so that a crash in between leaves no day out of date unnoticed.
 */
export function dirtyDays({ clock }: { readonly clock: Clock }, userId: string, dates: Iterable<string>): Write[] {
  const marks = marksOf({ clock }, userId, dates)
  return marks.length === 0 ? [] : [...marks, daysJob({ clock }, userId)]
}

/** The marks alone, for whoever sees to the days without being asked. */
export function marksOf({ clock }: { readonly clock: Clock }, userId: string, dates: Iterable<string>): Write[] {
  const at = formatInstant(clock.nowMs())
  return [...new Set(dates)]
    .sort()
    .map((date) => ({ op: 'put', path: markPath(userId, date), body: { userId, date, at } satisfies DirtyDay }))
}

/**
 * One job a person and window, not to be claimed before the window is over: until then it may be written again, with the same words. Should a
 * clock that is behind write it later, it is made once more, to no effect.
 */
export function daysJob({ clock }: { readonly clock: Clock }, userId: string): Write {
  const window = Math.floor(clock.nowMs() / WINDOW_MS)
  const body = newJob({
    jobId: `days_${jobWordOf(userId)}_${window}`,
    userId,
    type: 'health_analysis',
    input: { analysisType: 'days' },
    nowMs: window * WINDOW_MS,
    notBefore: formatInstant((window + 1) * WINDOW_MS),
  })
  return { op: 'put', path: `jobs/${body.jobId}`, body, unlessSame: true }
}

/** A day that is not over yet waits for its end: then its insight speaks of all of it. */
export function dayAtItsEnd(userId: string, date: string, endMs: number, nowMs: number): DirtyDay {
  return { userId, date, at: formatInstant(nowMs), due: formatInstant(endMs) }
}

export interface Mark {
  readonly path: string
  readonly version: number
  readonly body: DirtyDay
}

/** The marks of a person whose time has come, by date. */
export async function findMarks(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  userId: string,
): Promise<Mark[]> {
  const now = formatInstant(clock.nowMs())
  const marks = await all<DirtyDay>(documents, { collection: 'dirtyDays', parent: `users/${userId}` })
  return marks.filter(({ body }) => (body.due ?? now) <= now)
}

/**
 * The dates that marks speak of, and those beside them: a night or a walk may reach into the next date, and an evening sleep has ended only
 * when the next date shows it; a day that stays as it was gets no new revision.
 */
export function datesOf(marks: readonly Mark[], also: readonly string[] = []): string[] {
  const dates = new Set<string>()
  for (const date of [...marks.map(({ body }) => body.date), ...also])
    for (const each of [previousDate(date), date, nextDate(date)]) dates.add(each)
  return [...dates].sort()
}

export function markPath(userId: string, date: string): string {
  return `users/${userId}/dirtyDays/${date}`
}

export function nextDate(date: string): string {
  return shiftDate(date, 1)
}

export function previousDate(date: string): string {
  return shiftDate(date, -1)
}
