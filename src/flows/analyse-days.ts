import { baselineDays, shiftDate } from '../analysis/baseline.ts'
import { dayNumber } from '../analysis/night-clock.ts'
import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import type { DirtyDay } from '../model/dirty-day.ts'
import { Problem } from '../model/problem.ts'
import { dayBounds, localDate } from '../model/zone.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { bringBackDates } from './bring-back.ts'
import { mayUse } from './consents.ts'
import { putDay, putInsight } from './day-writes.ts'
import { datesOf, dayAtItsEnd, nextDate, previousDate } from './dirty-days.ts'
import { findWork, settleWork } from './dirty-work.ts'
import { all } from './every.ts'
import { findChanges } from './keep-changes.ts'
import { sessionLoader } from './load-samples.ts'
import { markLooseMonths } from './loose-months.ts'
import { type InsightDeps, makeDay, makeInsight, zonesOf } from './make-day.ts'
import { type KnownUser, requireUser } from './manage-user.ts'
import { remakeable } from './remakeable-dates.ts'
import type { FileDeps } from './session-files.ts'
import type { Stagers } from './stagers.ts'
import type { StagingRun } from './staging-run.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface AnalyseDeps extends InsightDeps, FileDeps {
  readonly blobs: Blobs
  readonly toWarehouse: ToWarehouse
  readonly stagers: Pick<Stagers, 'begin'>
}

/** What is new: a day or insight that says what it said before is not counted. */
export interface AnalysedDays {
  readonly days: number
  readonly insights: number
}

/** What is written with each batch; it is told what will have been made by then. */
type Alongside = (made: AnalysedDays) => Promise<readonly Write[]>

/** Days, their rows and insights in one atomic batch: from so many writes on it is sent. What one date adds is never parted. */
const BATCH = 100
/** How often it begins again because another analysis of the same person was quicker. */
const ATTEMPTS = 5

/**
 * Makes every day that is marked, and those of `also`, in order of date, and the insight of each day and of those whose baseline it changes. A
 * day whose input is what it was keeps its revision. Safe to be killed and called again, and to be called twice at once.
 */
export async function analyseDirtyDays(
  deps: AnalyseDeps,
  userId: string,
  onProgress?: (done: number, total: number) => void,
  also: readonly string[] = [],
  alongside?: Alongside,
): Promise<AnalysedDays> {
  const made = { days: 0, insights: 0 }
  for (let attempt = 1; ; attempt++) {
    try {
      await analyse(deps, { userId, also, onProgress, alongside }, made)
      return made
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

interface Analysis {
  readonly userId: string
  readonly also: readonly string[]
  readonly onProgress: ((done: number, total: number) => void) | undefined
  readonly alongside: Alongside | undefined
}

async function analyse(
  deps: AnalyseDeps,
  { userId, also, onProgress, alongside }: Analysis,
  made: { days: number; insights: number },
): Promise<void> {
  const { user } = await requireUser(deps, userId)
  const work = await findWork(deps, userId)
  const dirty = await remakeable(deps, userId, datesOf(work.marks, also))
  await bringBackDates(deps, userId, ['analytics', 'insights'], dirty)
  const dates = await affectedDates(deps, userId, dirty)
  const staging = deps.stagers.begin((purpose) => mayUse(deps, userId, purpose))
  const run = newRun(deps, { userId, user, staging })
  const unfinished: DirtyDay[] = []
  const looseMonths = new Set<string>()
  let batch: Write[] = []
  let done = 0
  const send = async () => {
    if (batch.length === 0) return
    const days = made.days + batch.filter(({ path }) => /^users\/[^/]+\/days\/[^/]+$/.test(path)).length
    const insights = made.insights + batch.filter(({ path }) => /^users\/[^/]+\/insights\/[^/]+$/.test(path)).length
    const beside = (await alongside?.({ days, insights })) ?? []
    await deps.documents.batch([...batch, ...beside])
    Object.assign(made, { days, insights })
    batch = []
  }
  for (const { date, isDirty } of dates) {
    const { writes, atItsEnd, isLoose } = await run(date, isDirty)
    if (isLoose) looseMonths.add(date.slice(0, 7))
    if (atItsEnd !== undefined) unfinished.push(atItsEnd)
    batch.push(...writes)
    onProgress?.(++done, dates.length)
    if (batch.length >= BATCH) await send()
  }
  await send()
  await markLooseMonths(deps, userId, looseMonths)
  await staging.settle()
  await settleWork(deps, userId, work, unfinished)
}

/** The dirty dates, and the days after them whose insights compare with them. */
async function affectedDates(deps: AnalyseDeps, userId: string, dates: readonly string[]): Promise<{ date: string; isDirty: boolean }[]> {
  const later = datesAfter(dates)
  const [first, last] = [later[0], later.at(-1)]
  // Only what is not made anyway is looked up: of a whole history these are the dates after its end.
  const known = first === undefined || last === undefined ? [] : await daysBetween(deps, userId, first, last)
  const wanted = new Set(later)
  const compared = known.map(({ body }) => body.date).filter((date) => wanted.has(date))
  return [...dates.map((date) => ({ date, isDirty: true })), ...compared.map((date) => ({ date, isDirty: false }))].sort((a, b) =>
    a.date < b.date ? -1 : 1,
  )
}

/** The dates whose baseline holds one of these, without these, ascending. */
function datesAfter(dates: readonly string[]): string[] {
  const own = new Set(dates.map(dayNumber))
  const after = new Set<number>()
  for (const number of own) {
    for (let next = number + 1; next <= number + baselineDays; next++) if (!own.has(next)) after.add(next)
  }
  return [...after].sort((a, b) => a - b).map((number) => shiftDate('1970-01-01', number))
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

interface MadeDate {
  readonly writes: readonly Write[]
  /** The date is not over: it is to be made again when it is. */
  readonly atItsEnd?: DirtyDay
  /** Samples of the date stand in documents. */
  readonly isLoose?: boolean
}

interface Person {
  readonly userId: string
  readonly user: KnownUser
  readonly staging: StagingRun
}

/** One run over ascending dates; what it read and made for one date serves the next. */
function newRun(deps: AnalyseDeps, { userId, user, staging }: Person) {
  const sessionsOf = sessionLoader(deps, userId)
  let history: Day[] | undefined
  let changes: Change[] | undefined

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

  return async function run(date: string, isDirty: boolean): Promise<MadeDate> {
    const startedMs = deps.clock.nowMs()
    const past = await historyBefore(date)
    const stored = await deps.documents.get<Day>(`users/${userId}/days/${date}`)
    const writes: Write[] = []
    const isLoose = isDirty && (await sessionsOf(date)).some((session) => session.isLoose)
    const day = isDirty ? await makeDay(userId, user, date, sessionsOf, stored, { nowMs: startedMs, staging }) : stored?.body
    if (day === undefined) return { writes, isLoose }
    if (day !== stored?.body) writes.push(...putDay(day, stored, startedMs), ...deps.toWarehouse(day, startedMs))
    remember(day)
    changes ??= (await findChanges(deps, userId)).map(({ body }) => body)
    const made = await makeInsight(deps, userId, user, day, { past, changes }, startedMs)
    if (made) writes.push(...putInsight(made))
    const { endMs } = dayBounds(zonesOf(user), date)
    // What a clock that was ahead measured lies on the next date at most.
    const isUnfinished = endMs > startedMs && date <= nextDate(localDate(zonesOf(user), startedMs))
    return { writes, isLoose, ...(isUnfinished && { atItsEnd: dayAtItsEnd(userId, date, endMs, startedMs) }) }
  }
}
