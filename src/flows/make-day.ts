import { analyseDay } from '../analysis/day.ts'
import type { DayInput, EarlySample } from '../analysis/day-input.ts'
import { fingerprint } from '../analysis/fingerprint.ts'
import { composeInsight } from '../analysis/insight.ts'
import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import { canonicalJson } from '../model/in-order.ts'
import type { StoredInsight } from '../model/insight.ts'
import { metrics } from '../model/metrics.ts'
import { remembered } from '../model/remembered.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'
import { ageYears } from '../model/user.ts'
import { dayBounds, localDate, type ZoneTimeline } from '../model/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { mayUse } from './consents.ts'
import { withStaging } from './day-staging.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import type { LoadedSession } from './load-samples.ts'
import type { KnownUser } from './manage-user.ts'
import { isNarrated, type NarrateDeps, narrate } from './narrate.ts'
import type { StagingRun } from './staging-run.ts'

export interface InsightDeps extends NarrateDeps {
  readonly documents: Documents
  readonly clock: Clock
}

export function zonesOf(user: KnownUser): ZoneTimeline {
  return user.zones?.timeline ?? [{ fromMs: 0, zone: user.profile.timezone }]
}

/** Undefined for a date of which nothing was ever known; the stored day itself when nothing has changed. What a clock that was ahead measured waits for the day to be over. */
export async function makeDay(
  userId: string,
  user: KnownUser,
  date: string,
  sessionsOf: (date: string) => Promise<readonly LoadedSession[]>,
  stored: Stored<Day> | undefined,
  { nowMs, staging }: { readonly nowMs: number; readonly staging: StagingRun },
): Promise<Day | undefined> {
  // A day whose last session was deleted is made once more, of nothing.
  const unstaged = await dayInputOf(userId, user, date, sessionsOf, { nowMs, evenEmpty: stored !== undefined })
  if (unstaged === undefined) return undefined
  const { input, reasons } = await withStaging(staging, unstaged)
  const day = analyseDay(input)
  const made = reasons.length > 0 ? { ...day, reasons: [...day.reasons, ...reasons] } : day
  return stored && saysTheSame(stored.body, made) ? stored.body : { ...made, revision: (stored?.body.revision ?? 0) + 1 }
}

/** What is known of a date, from the sessions of it and of those beside it; undefined for one of which nothing was, unless `evenEmpty`. */
export async function dayInputOf(
  userId: string,
  user: KnownUser,
  date: string,
  sessionsOf: (date: string) => Promise<readonly LoadedSession[]>,
  { nowMs, evenEmpty = false }: { readonly nowMs: number; readonly evenEmpty?: boolean },
): Promise<DayInput | undefined> {
  const before = await sessionsOf(previousDate(date))
  const own = await sessionsOf(date)
  const zones = zonesOf(user)
  if (!evenEmpty && own.length === 0 && !reachesPast(dayBounds(zones, date).startMs, before)) return undefined
  const loaded = [...before, ...own, ...(await sessionsOf(nextDate(date)))]
  const { sessions, ...early } = inTime(loaded, dayBounds(zones, date).endMs <= nowMs)
  const birth = user.profile.dateOfBirth
  return {
    userId,
    date,
    zones,
    ...contentOf(sessions, date),
    ...early,
    priority: user.sourcePriority?.order ?? defaultSourcePriority,
    ...(typeof birth === 'string' && birth <= date && { ageYears: ageYears(birth, date) }),
    inputHash: fingerprint([
      textOf(zones),
      String(birth),
      ...ownOrder(user),
      ...(early.isEarlyTold === false ? ['early'] : []),
      ...sessions.map(({ path, revision }) => `${path}@${revision}`),
    ]),
  }
}

function contentOf(
  sessions: readonly LoadedSession[],
  date: string,
): Pick<DayInput, 'beats' | 'series' | 'sleep' | 'summaries' | 'workouts'> {
  const content = { series: [], sleep: [], workouts: [], summaries: [], beats: [] } as Content
  for (const { series, sleep, workouts, summaries, beats } of sessions) {
    content.series.push(...series)
    content.sleep.push(...sleep)
    content.workouts.push(...workouts)
    for (const summary of summaries) if (summary.date === date) content.summaries.push(summary)
    content.beats.push(...beats)
  }
  return content
}

type Content = { [Name in 'beats' | 'series' | 'sleep' | 'summaries' | 'workouts']: DayInput[Name][number][] }

/** Alike for each date of a person. */
const textOf = remembered((zones: ZoneTimeline) => canonicalJson(zones))

/** The sessions as a day takes them, and what of them waits for it to be over. */
function inTime(
  sessions: readonly LoadedSession[],
  isOver: boolean,
): { readonly sessions: readonly LoadedSession[] } & Pick<DayInput, 'early' | 'isEarlyTold'> {
  const early = earlyIn(sessions)
  if (early.length === 0) return { sessions }
  return { sessions: isOver ? sessions.map(withEarly) : sessions, early, isEarlyTold: isOver }
}

function earlyIn(sessions: readonly LoadedSession[]): EarlySample[] {
  return sessions.flatMap(({ early }) => [
    ...(early?.series ?? []).flatMap(({ metric, startMs }) => Array.from(startMs, (each) => ({ metric, startMs: each }))),
    ...(early?.sleep ?? []).map(({ startMs }) => ({ metric: 'sleep_session' as const, startMs })),
    ...(early?.workouts ?? []).map(({ startMs }) => ({ metric: 'workout' as const, startMs })),
  ])
}

function withEarly({ early, ...session }: LoadedSession): LoadedSession {
  if (early === undefined) return session
  return {
    ...session,
    series: [...session.series, ...early.series],
    sleep: [...session.sleep, ...early.sleep],
    workouts: [...session.workouts, ...early.workouts],
  }
}

/** Nothing for the default, which is part of the algorithm. */
function ownOrder({ sourcePriority }: KnownUser): string[] {
  return sourcePriority === undefined ? [] : [sourcePriority.order.join(' ')]
}

/** A revision is for what changed: new sessions of the next date, say, that leave this one as it was, make none. */
function saysTheSame(stored: Day, made: Omit<Day, 'revision'>): boolean {
  if (stored.revision <= 0) return false
  if (stored.inputHash === made.inputHash && stored.algorithmVersion === made.algorithmVersion) return true
  const { revision, inputHash: _, madeAt, ...old } = stored
  const { inputHash: __, ...now } = made
  return canonicalJson(old) === canonicalJson(now)
}

/** A date without a session of its own is a day all the same when a night or a walk of the day before reaches into it. */
function reachesPast(startMs: number, sessions: readonly LoadedSession[]): boolean {
  return sessions.some(
    ({ sleep, series }) =>
      sleep.some(({ endMs, word }) => word !== 'in_bed' && endMs > startMs) ||
      series.some(({ metric, endMs }) => metrics[metric].kind === 'cumulative' && endMs.some((each) => each > startMs)),
  )
}

export interface MadeInsight {
  readonly insight: StoredInsight
  readonly replaced: Stored<StoredInsight> | undefined
}

/** What is known of a person before a day is told. */
export interface Known {
  readonly past: readonly Day[]
  readonly changes: readonly Change[]
  /** Its insight as it stands. */
  readonly stored: Stored<StoredInsight> | undefined
}

/** Undefined when the stored insight says the same already. */
export async function makeInsight(
  deps: InsightDeps,
  user: KnownUser,
  day: Day,
  { past, changes, stored }: Known,
  startedMs: number,
): Promise<MadeInsight | undefined> {
  const birth = user.profile.dateOfBirth
  const draft = composeInsight({
    day,
    history: past,
    changes,
    generatedAt: formatInstant(startedMs),
    processingTimeS: (deps.clock.nowMs() - startedMs) / 1000,
    units: user.profile.preferredUnits,
    ...(typeof birth === 'string' && birth <= day.date && { ageYears: ageYears(birth, day.date) }),
    revision: (stored?.body.revision ?? 0) + 1,
  })
  const recent = isNarrated(day.date, localDate(zonesOf(user), startedMs))
  const before = stored?.body
  const isSame = before?.inputHash === draft.insight.inputHash && before.algorithmVersion === draft.insight.algorithmVersion
  if (isSame && !(recent && wasSilent(before))) return undefined
  const mayTell = async () => deps.narrator.isElsewhere !== true || (await mayUse(deps, day.userId, 'dataSharing'))
  const insight = await narrate(deps, draft, recent, mayTell)
  if (isSame && insight.metadata.fallback !== undefined) return undefined
  return { insight, replaced: stored }
}

/** The narrator did not answer then; what it said and was not believed is not asked for again. */
function wasSilent({ metadata: { fallback } }: StoredInsight): boolean {
  return fallback === 'timed_out' || fallback === 'unavailable'
}
