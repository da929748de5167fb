import { baselineDays, shiftDate } from '../analysis/baseline.ts'
import { pastDay } from '../analysis/day-trace.ts'
import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import type { DirtyDay } from '../model/dirty-day.ts'
import { dailyInsightId } from '../model/insight.ts'
import { dayBounds, localDate } from '../model/zone.ts'
import type { Write } from '../ports/documents.ts'
import { zonesOf } from './day-input.ts'
import { putDay, putInsight } from './day-writes.ts'
import { dayStampsBetween, daysBetween, insightStampsBetween, insightsBetween } from './days-between.ts'
import { dayAtItsEnd, nextDate, previousDate } from './dirty-days.ts'
import { findChanges } from './keep-changes.ts'
import { keptStamps } from './kept-stamps.ts'
import { sessionLoader } from './load-samples.ts'
import { type InsightDeps, keptDay, type MadeDay, makeDay, makeInsight } from './make-day.ts'
import type { KnownUser } from './manage-user.ts'
import type { SharedFileDeps } from './shared-files.ts'
import type { StagingRun } from './staging-run.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface RunDeps extends InsightDeps, SharedFileDeps {
  readonly toWarehouse: ToWarehouse
}

/** Days of so many dates are made, then their insights: what is at work stays in the processor’s caches. More of them would grow old before they are told. */
const TOGETHER = 8

export interface WantedDate {
  readonly date: string
  readonly isDirty: boolean
}

/** A date whose insight is still to be made. */
interface HalfMade extends Pick<MadeDate, 'date' | 'isLoose'> {
  readonly made: MadeDay | undefined
  readonly startedMs: number
  readonly tookMs: number
}

export interface MadeDate {
  readonly date: string
  readonly writes: readonly Write[]
  /** The date is not over: it is to be made again when it is. */
  readonly atItsEnd?: DirtyDay
  /** Samples of the date stand in documents. */
  readonly isLoose: boolean
}

export interface Person {
  readonly userId: string
  readonly user: KnownUser
  readonly staging: StagingRun
}

/** Makes ascending dates; what it read and made for one serves the next, and what is stored of several is read together. */
export function makeDates(deps: RunDeps, { userId, user, staging }: Person, wanted: readonly WantedDate[]): AsyncGenerator<MadeDate> {
  const dates = wanted.map(({ date }) => date)
  const { blobs, sha256 } = deps
  const beside = [...new Set(dates.flatMap((date) => [previousDate(date), date, nextDate(date)]))].sort()
  const sessionsOf = sessionLoader(deps, userId, { blobs, sha256, coming: beside })
  const keptDayAt = keptStamps(
    dates,
    (...span) => dayStampsBetween(deps, userId, ...span),
    (...span) => daysBetween(deps, userId, ...span),
  )
  const keptInsightAt = keptStamps(
    dates,
    (...span) => insightStampsBetween(deps, userId, ...span),
    (...span) => insightsBetween(deps, userId, ...span),
  )
  let history: readonly Day[] = []
  let knownUntil = ''
  let changes: Change[] | undefined

  /** Dates come in their order; of those between them that are not made again the days are read. */
  async function historyBefore(date: string): Promise<readonly Day[]> {
    const from = shiftDate(date, -(baselineDays + 12))
    const unknown = knownUntil < from ? from : nextDate(knownUntil)
    const read = unknown < date ? await daysBetween(deps, userId, unknown, previousDate(date)) : []
    knownUntil = date
    const first = history.findIndex((day) => day.date >= from)
    history = [...(first < 0 ? [] : history.slice(first)), ...read.map(({ body }) => body)]
    return history
  }

  async function makeDayOf({ date, isDirty }: WantedDate): Promise<HalfMade> {
    const startedMs = deps.clock.nowMs()
    const kept = await keptDayAt(date, `users/${userId}/days/${date}`)
    const made = isDirty ? await makeDay(userId, user, date, sessionsOf, kept, { nowMs: startedMs, staging }) : await keptDay(kept)
    const isLoose = isDirty && (await sessionsOf(date)).some((session) => session.isLoose)
    return { date, made, isLoose, startedMs, tookMs: deps.clock.nowMs() - startedMs }
  }

  async function finish({ date, made, isLoose, startedMs, tookMs }: HalfMade): Promise<MadeDate> {
    const past = await historyBefore(date)
    if (made === undefined) return { date, writes: [], isLoose }
    const { day } = made
    const writes: Write[] = []
    if (made.isNew) writes.push(...putDay(day, made.replaced, startedMs), ...deps.toWarehouse(day, startedMs))
    changes ??= (await findChanges(deps, userId)).map(({ body }) => body)
    const told = await keptInsightAt(date, `users/${userId}/insights/${dailyInsightId(date)}`)
    const insight = await makeInsight(deps, user, day, { past, changes, kept: told }, deps.clock.nowMs() - tookMs)
    history = [...past, pastDay(day)]
    if (insight) writes.push(...putInsight(insight))
    const { endMs } = dayBounds(zonesOf(user), date)
    // What a clock that was ahead measured lies on the next date at most.
    const isUnfinished = endMs > startedMs && date <= nextDate(localDate(zonesOf(user), startedMs))
    return { date, writes, isLoose, ...(isUnfinished && { atItsEnd: dayAtItsEnd(userId, date, endMs, startedMs) }) }
  }

  async function* inTurn(): AsyncGenerator<MadeDate> {
    for (let from = 0; from < wanted.length; from += TOGETHER) {
      const halves: HalfMade[] = []
      for (const each of wanted.slice(from, from + TOGETHER)) halves.push(await makeDayOf(each))
      for (const half of halves) yield finish(half)
    }
  }

  return inTurn()
}
