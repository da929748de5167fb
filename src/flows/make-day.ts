import { analyseDay } from '../analysis/day.ts'
import { fingerprint } from '../analysis/fingerprint.ts'
import { completeInsight, composeInsight } from '../analysis/insight.ts'
import { objectionsTo } from '../analysis/narrative.ts'
import type { Day } from '../model/day.ts'
import { canonicalJson } from '../model/in-order.ts'
import { dailyInsightId, type StoredInsight } from '../model/insight.ts'
import { metrics } from '../model/metrics.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { formatInstant } from '../model/time.ts'
import { ageYears } from '../model/user.ts'
import { dayBounds, type ZoneTimeline } from '../model/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Narrator } from '../ports/narrator.ts'
import { withStaging } from './day-staging.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import type { LoadedSession } from './load-samples.ts'
import type { KnownUser } from './manage-user.ts'
import type { StagingRun } from './staging-run.ts'

export interface InsightDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly narrator: Narrator
  /** Used when the narrator's text says what the evidence does not. */
  readonly fallback: Narrator
}

export function zonesOf(user: KnownUser): ZoneTimeline {
  return user.zones?.timeline ?? [{ fromMs: 0, zone: user.profile.timezone }]
}

/** Undefined for a date of which nothing was ever known; the stored day itself when nothing has changed. */
export async function makeDay(
  userId: string,
  user: KnownUser,
  date: string,
  sessionsOf: (date: string) => Promise<readonly LoadedSession[]>,
  stored: Stored<Day> | undefined,
  staging: StagingRun,
): Promise<Day | undefined> {
  const before = await sessionsOf(previousDate(date))
  const own = await sessionsOf(date)
  const zones = zonesOf(user)
  // A day whose last session was deleted is made once more, of nothing.
  if (!stored && own.length === 0 && !reachesPast(dayBounds(zones, date).startMs, before)) return undefined
  const sessions = [...before, ...own, ...(await sessionsOf(nextDate(date)))]
  const birth = user.profile.dateOfBirth
  const { input, reasons } = await withStaging(staging, {
    userId,
    date,
    zones,
    series: sessions.flatMap(({ series }) => series),
    sleep: sessions.flatMap(({ sleep }) => sleep),
    workouts: sessions.flatMap(({ workouts }) => workouts),
    summaries: sessions.flatMap(({ summaries }) => summaries).filter((summary) => summary.date === date),
    beats: sessions.flatMap(({ beats }) => beats),
    priority: user.sourcePriority?.order ?? defaultSourcePriority,
    ...(typeof birth === 'string' && birth <= date && { ageYears: ageYears(birth, date) }),
    inputHash: fingerprint([
      canonicalJson(zones),
      String(birth),
      ...ownOrder(user),
      ...sessions.map(({ path, revision }) => `${path}@${revision}`),
    ]),
  })
  const day = analyseDay(input)
  const made = reasons.length > 0 ? { ...day, reasons: [...day.reasons, ...reasons] } : day
  return stored && saysTheSame(stored.body, made) ? stored.body : { ...made, revision: (stored?.body.revision ?? 0) + 1 }
}

/** Nothing for the default, which is part of the algorithm. */
function ownOrder({ sourcePriority }: KnownUser): string[] {
  return sourcePriority === undefined ? [] : [sourcePriority.order.join(' ')]
}

/** A revision is for what changed: new sessions of the next date, say, that leave this one as it was, make none. */
function saysTheSame(stored: Day, made: Omit<Day, 'revision'>): boolean {
  const { revision, inputHash: before, madeAt: _, ...old } = stored
  const { inputHash: after, ...now } = made
  return revision > 0 && (before === after || canonicalJson(old) === canonicalJson(now))
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

/** Undefined when the stored insight says the same already. */
export async function makeInsight(
  deps: InsightDeps,
  userId: string,
  user: KnownUser,
  day: Day,
  past: readonly Day[],
  startedMs: number,
): Promise<MadeInsight | undefined> {
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
  const insight = completeInsight(
    draft,
    trusted ? told : await deps.fallback.summarise(draft.facts),
    trusted ? deps.narrator.name : deps.fallback.name,
  )
  return { insight, replaced: stored }
}
