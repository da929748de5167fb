import { baselineDays } from '../analysis/baseline.ts'
import { analyseDay } from '../analysis/day.ts'
import { fingerprint } from '../analysis/fingerprint.ts'
import { completeInsight, composeInsight } from '../analysis/insight.ts'
import { objectionsTo } from '../analysis/narrative.ts'
import type { Day } from '../model/day.ts'
import { dailyInsightId, type StoredInsight } from '../model/insight.ts'
import type { StoredJob } from '../model/job.ts'
import { metrics } from '../model/metrics.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'
import { ageYears } from '../model/user.ts'
import { dayBounds } from '../model/zone.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import type { Narrator } from '../ports/narrator.ts'
import { type DirtyWork, findDirtyDays, nextDate, previousDate } from './dirty-days.ts'
import { type LoadedSession, sessionLoader } from './load-samples.ts'
import { type KnownUser, requireUser } from './manage-user.ts'

export interface AnalyseDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
  readonly narrator: Narrator
  /** Used when the narrator's text says what the evidence does not. */
  readonly fallback: Narrator
}

/** What is new: a day or insight that says what it said before is not counted. */
export interface AnalysedDays {
  readonly days: number
  readonly insights: number
}

/** Days and insights in one atomic batch, which holds at most 500. */
const BATCH = 100

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
    for (const { path } of writes) made[path.includes('/insights/') ? 'insights' : 'days']++
    batch.push(...writes)
    onProgress?.(++done, dates.length)
    if (batch.length < BATCH) continue
    await deps.documents.batch(batch)
    batch = []
  }
  batch.push(...settled(deps, work))
  for (let from = 0; from < batch.length; from += BATCH) await deps.documents.batch(batch.slice(from, from + BATCH))
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
  const days: Stored<Day>[] = []
  const end = Temporal.PlainDate.from(to).add({ days: 1 }).toString()
  let cursor: string | undefined
  do {
    const page = await documents.list<Day>({
      collection: 'days',
      parent: `users/${userId}`,
      index: 'userDate',
      equals: [userId],
      from,
      to: end,
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    })
    days.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return days
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
    if (day !== stored?.body) writes.push({ op: 'put', path: `users/${userId}/days/${date}`, body: day })
    remember(day)
    const insight = await makeInsight(deps, userId, user, day, past, startedMs)
    if (insight) writes.push({ op: 'put', path: `users/${userId}/insights/${insight.insightId}`, body: insight })
    return writes
  }
}

/** Undefined for a date of which nothing is known; the stored day itself when nothing has changed. */
async function makeDay(
  userId: string,
  user: KnownUser,
  date: string,
  sessionsOf: (date: string) => Promise<readonly LoadedSession[]>,
  stored: Stored<Day> | undefined,
): Promise<Day | undefined> {
  const before = await sessionsOf(previousDate(date))
  const own = await sessionsOf(date)
  const zones = user.zoneTimeline ?? [{ fromMs: 0, zone: user.profile.timezone }]
  if (own.length === 0 && !reachesPast(dayBounds(zones, date).startMs, before)) return stored?.body
  const sessions = [...before, ...own, ...(await sessionsOf(nextDate(date)))]
  const birth = user.profile.dateOfBirth
  const made = analyseDay({
    userId,
    date,
    zones,
    series: sessions.flatMap(({ series }) => series),
    sleep: sessions.flatMap(({ sleep }) => sleep),
    workouts: sessions.flatMap(({ workouts }) => workouts),
    summaries: sessions.flatMap(({ summaries }) => summaries).filter((summary) => summary.date === date),
    beats: sessions.flatMap(({ beats }) => beats),
    priority: defaultSourcePriority,
    ...(typeof birth === 'string' && birth <= date && { ageYears: ageYears(birth, date) }),
    inputHash: fingerprint([JSON.stringify(zones), String(birth), ...sessions.map(({ path, version }) => `${path}@${version}`)]),
  })
  return stored && saysTheSame(stored.body, made) ? stored.body : { ...made, revision: (stored?.body.revision ?? 0) + 1 }
}

/** A revision is for what changed: new sessions of the next date, say, that leave this one as it was, make none. */
function saysTheSame(stored: Day, made: Omit<Day, 'revision'>): boolean {
  const { revision, inputHash: before, ...old } = stored
  const { inputHash: after, ...now } = made
  return revision > 0 && (before === after || JSON.stringify(old) === JSON.stringify(now))
}

/** A date without a session of its own is a day all the same when a night or a walk of the day before reaches into it. */
function reachesPast(startMs: number, sessions: readonly LoadedSession[]): boolean {
  return sessions.some(
    ({ sleep, series }) =>
      sleep.some(({ endMs, word }) => word !== 'in_bed' && endMs > startMs) ||
      series.some(({ metric, endMs }) => metrics[metric].kind === 'cumulative' && endMs.some((each) => each > startMs)),
  )
}

/** Undefined when the stored insight says the same already. */
async function makeInsight(
  deps: AnalyseDeps,
  userId: string,
  user: KnownUser,
  day: Day,
  past: readonly Day[],
  startedMs: number,
): Promise<StoredInsight | undefined> {
  const birth = user.profile.dateOfBirth
  const stored = await deps.documents.get<StoredInsight>(`users/${userId}/insights/${dailyInsightId(day.date)}`)
  const draft = composeInsight({
    day,
    history: past,
    generatedAt: formatInstant(startedMs),
    processingTimeS: (deps.clock.nowMs() - startedMs) / 1000,
    units: user.profile.preferredUnits,
    ...(typeof birth === 'string' && birth <= day.date && { ageYears: ageYears(birth, day.date) }),
    revision: (stored?.body.revision ?? 0) + 1,
  })
  if (stored?.body.inputHash === draft.insight.inputHash && stored.body.algorithmVersion === draft.insight.algorithmVersion)
    return undefined
  const evidence = draft.facts.statements.flatMap((statement) => statement.evidence)
  const told = await deps.narrator.summarise(draft.facts)
  const trusted = objectionsTo(told, evidence).length === 0
  return completeInsight(
    draft,
    trusted ? told : await deps.fallback.summarise(draft.facts),
    trusted ? deps.narrator.name : deps.fallback.name,
  )
}

/** The work is done, and its jobs say so: never before the last of its results. */
function settled(deps: AnalyseDeps, { jobs }: DirtyWork): Write[] {
  const now = formatInstant(deps.clock.nowMs())
  return jobs.map(({ path, version, body }) => {
    const done: StoredJob = { ...body, status: 'completed', startedAt: body.createdAt, completedAt: now, output: {} } as StoredJob
    return { op: 'put', path, body: done, ifVersion: version }
  })
}
