import { baselineDays } from '../analysis/baseline.ts'
import type { Day } from '../model/day.ts'
import type { StoredJob } from '../model/job.ts'
import { formatInstant } from '../model/time.ts'
import { dayBounds, localDate } from '../model/zone.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { type DirtyWork, dayAtItsEnd, findDirtyDays, nextDate, previousDate } from './dirty-days.ts'
import { all } from './every.ts'
import { sessionLoader } from './load-samples.ts'
import { type InsightDeps, type MadeInsight, makeDay, makeInsight, zonesOf } from './make-day.ts'
import { type KnownUser, requireUser } from './manage-user.ts'
import { keepDay, keepInsight } from './revisions.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface AnalyseDeps extends InsightDeps {
  readonly blobs: Blobs
  readonly toWarehouse: ToWarehouse
}

/** What is new: a day or insight that says what it said before is not counted. */
export interface AnalysedDays {
  readonly days: number
  readonly insights: number
}

/** Days, their rows and insights in one atomic batch: from so many writes on it is sent. What one date adds is never parted. */
const BATCH = 100
const LARGEST_BATCH = 500

/**
 * Makes every day that waits for it, in order of date, and the insight of each day and of those whose baseline it changes. A day whose
 * input is what it was keeps its revision. Safe to be killed and called again.
 */
export async function analyseDirtyDays(
  deps: AnalyseDeps,
  userId: string,
  onProgress?: (done: number, total: number) => void,
): Promise<AnalysedDays> {
  const { user } = await requireUser(deps, userId)
  const work = await findDirtyDays(deps, userId)
  const dates = await affectedDates(deps, userId, work)
  const run = newRun(deps, userId, user)
  let batch: Write[] = []
  let done = 0
  const made = { days: 0, insights: 0 }
  for (const { date, isDirty } of dates) {
    const writes = await run(date, isDirty)
    for (const { path } of writes) {
      if (path.includes('/days/')) made.days++
      if (path.includes('/insights/')) made.insights++
    }
    batch.push(...writes)
    onProgress?.(++done, dates.length)
    if (batch.length < BATCH) continue
    await deps.documents.batch(batch)
    batch = []
  }
  batch.push(...settled(deps, work))
  for (let from = 0; from < batch.length; from += LARGEST_BATCH) await deps.documents.batch(batch.slice(from, from + LARGEST_BATCH))
  return made
}

/** The dirty dates, and the days after them whose insights compare with them. */
async function affectedDates(deps: AnalyseDeps, userId: string, { dates }: DirtyWork): Promise<{ date: string; isDirty: boolean }[]> {
  const dirty = new Set(dates)
  const first = dates[0]
  const last = dates.at(-1)
  if (first === undefined || last === undefined) return []
  const known = await daysBetween(deps, userId, first, Temporal.PlainDate.from(last).add({ days: baselineDays }).toString())
  for (const day of known) if (!dirty.has(day.body.date) && dates.some((date) => isCompared(date, day.body.date))) dirty.add(day.body.date)
  const marked = new Set(dates)
  return [...dirty].sort().map((date) => ({ date, isDirty: marked.has(date) }))
}

function isCompared(date: string, later: string): boolean {
  return later > date && later <= Temporal.PlainDate.from(date).add({ days: baselineDays }).toString()
}

export async function daysBetween(
  { documents }: Pick<AnalyseDeps, 'documents'>,
  userId: string,
  from: string,
  to: string,
): Promise<Stored<Day>[]> {
  const query = { collection: 'days', parent: `users/${userId}`, index: 'userDate', equals: [userId], from, to: nextDate(to) }
  return all<Day>(documents, query)
}

/** One run over ascending dates; what it read and made for one date serves the next. */
function newRun(deps: AnalyseDeps, userId: string, user: KnownUser) {
  const sessionsOf = sessionLoader(deps, userId)
  let history: Day[] | undefined

  async function historyBefore(date: string): Promise<Day[]> {
    const from = Temporal.PlainDate.from(date)
      .subtract({ days: baselineDays + 12 })
      .toString()
    history ??= (await daysBetween(deps, userId, from, previousDate(date))).map(({ body }) => body)
    history = history.filter((day) => day.date >= from)
    return history.filter((day) => day.date < date)
  }

  function remember(day: Day): void {
    history = [...(history ?? []).filter(({ date }) => date !== day.date), day].sort((a, b) => (a.date < b.date ? -1 : 1))
  }

  return async function run(date: string, isDirty: boolean): Promise<Write[]> {
    const startedMs = deps.clock.nowMs()
    const past = await historyBefore(date)
    const stored = await deps.documents.get<Day>(`users/${userId}/days/${date}`)
    const writes: Write[] = []
    const day = isDirty ? await makeDay(userId, user, date, sessionsOf, stored) : stored?.body
    if (day === undefined) return writes
    if (day !== stored?.body) writes.push(...putDay(day, stored, startedMs), ...deps.toWarehouse(day, startedMs))
    remember(day)
    const made = await makeInsight(deps, userId, user, day, past, startedMs)
    if (made) writes.push(...putInsight(made))
    const { endMs } = dayBounds(zonesOf(user), date)
    if (endMs > startedMs && date <= localDate(zonesOf(user), startedMs)) writes.push(dayAtItsEnd(userId, date, endMs, startedMs))
    return writes
  }
}

/** Of two analyses at once that make the same revision one fails, so that a revision is one day and one row. */
function putDay(day: Day, stored: Stored<Day> | undefined, nowMs: number): Write[] {
  const madeAt = formatInstant(nowMs)
  const put: Write = { op: 'put', path: `users/${day.userId}/days/${day.date}`, body: { ...day, madeAt }, ...expecting(stored) }
  return stored === undefined ? [put] : [put, keepDay(stored.body, madeAt)]
}

function putInsight({ insight, replaced }: MadeInsight): Write[] {
  const put: Write = { op: 'put', path: `users/${insight.userId}/insights/${insight.insightId}`, body: insight, ...expecting(replaced) }
  return replaced === undefined ? [put] : [put, keepInsight(replaced.body, insight.metadata.generatedAt)]
}

function expecting(stored: Stored | undefined): { readonly ifAbsent: true } | { readonly ifVersion: number } {
  return stored === undefined ? { ifAbsent: true } : { ifVersion: stored.version }
}

/** The work is done, and its jobs say so: never before the last of its results. */
function settled(deps: AnalyseDeps, { jobs }: DirtyWork): Write[] {
  const now = formatInstant(deps.clock.nowMs())
  return jobs.map(({ path, version, body }) => {
    const done: StoredJob = { ...body, status: 'completed', startedAt: body.createdAt, completedAt: now, output: {} } as StoredJob
    return { op: 'put', path, body: done, ifVersion: version }
  })
}
