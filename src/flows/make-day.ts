import { analyseDay } from '../analysis/day.ts'
import { composeInsight } from '../analysis/insight.ts'
import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import { canonicalJson } from '../model/in-order.ts'
import type { StoredInsight } from '../model/insight.ts'
import { formatInstant } from '../model/time.ts'
import { ageYears } from '../model/user.ts'
import { localDate } from '../model/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { mayUse } from './consents.ts'
import { dayInputOf, zonesOf } from './day-input.ts'
import { withStaging } from './day-staging.ts'
import type { DayStamp, InsightStamp } from './days-between.ts'
import type { Kept } from './kept-stamps.ts'
import type { LoadedSession } from './load-samples.ts'
import type { KnownUser } from './manage-user.ts'
import { isNarrated, type NarrateDeps, narrate } from './narrate.ts'
import type { StagingRun } from './staging-run.ts'

export interface InsightDeps extends NarrateDeps {
  readonly documents: Documents
  readonly clock: Clock
}

export interface MadeDay {
  readonly day: Day
  /** Whether it says something that what is stored does not. */
  readonly isNew: boolean
  /** Where it is new. */
  readonly replaced?: Stored<Day> | undefined
}

/** Undefined for a date of which nothing was ever known; of the stored revision when nothing has changed. What a clock that was ahead measured waits for the day to be over. */
export async function makeDay(
  userId: string,
  user: KnownUser,
  date: string,
  sessionsOf: (date: string) => Promise<readonly LoadedSession[]>,
  { stamp, whole }: Kept<DayStamp, Day>,
  { nowMs, staging }: { readonly nowMs: number; readonly staging: StagingRun },
): Promise<MadeDay | undefined> {
  // A day whose last session was deleted is made once more, of nothing.
  const unstaged = await dayInputOf(userId, user, date, sessionsOf, { nowMs, evenEmpty: stamp !== undefined })
  if (unstaged === undefined) return undefined
  const { input, reasons } = await withStaging(staging, unstaged)
  const day = analyseDay(input)
  const made = reasons.length > 0 ? { ...day, reasons: [...day.reasons, ...reasons] } : day
  if (stamp && isOfSameInput(stamp.body, made)) return { day: { ...made, revision: stamp.body.revision }, isNew: false }
  const stored = stamp && (await whole())
  if (stored && saysTheSame(stored.body, made)) return { day: stored.body, isNew: false }
  return { day: { ...made, revision: (stored?.body.revision ?? 0) + 1 }, isNew: true, replaced: stored }
}

/** A day that is not to be made again. */
export async function keptDay({ whole }: Kept<DayStamp, Day>): Promise<MadeDay | undefined> {
  const stored = await whole()
  return stored && { day: stored.body, isNew: false }
}

function isOfSameInput(stored: DayStamp, made: Omit<Day, 'revision'>): boolean {
  return stored.revision > 0 && stored.inputHash === made.inputHash && stored.algorithmVersion === made.algorithmVersion
}

/** A revision is for what changed: new sessions of the next date, say, that leave this one as it was, make none. */
function saysTheSame(stored: Day, made: Omit<Day, 'revision'>): boolean {
  if (stored.revision <= 0) return false
  const { revision, inputHash: _, madeAt, ...old } = stored
  const { inputHash: __, ...now } = made
  return canonicalJson(old) === canonicalJson(now)
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
  readonly kept: Kept<InsightStamp, StoredInsight>
}

/** Undefined when the stored insight says the same already. */
export async function makeInsight(
  deps: InsightDeps,
  user: KnownUser,
  day: Day,
  { past, changes, kept: { stamp, whole } }: Known,
  startedMs: number,
): Promise<MadeInsight | undefined> {
  const before = stamp?.body
  const birth = user.profile.dateOfBirth
  const draft = composeInsight({
    day,
    history: past,
    changes,
    generatedAt: formatInstant(startedMs),
    processingTimeS: (deps.clock.nowMs() - startedMs) / 1000,
    units: user.profile.preferredUnits,
    ...(typeof birth === 'string' && birth <= day.date && { ageYears: ageYears(birth, day.date) }),
    revision: (before?.revision ?? 0) + 1,
  })
  const recent = isNarrated(day.date, localDate(zonesOf(user), startedMs))
  const isSame = before?.inputHash === draft.insight.inputHash && before.algorithmVersion === draft.insight.algorithmVersion
  if (isSame && !(recent && wasSilent(before))) return undefined
  const mayTell = async () => deps.narrator.isElsewhere !== true || (await mayUse(deps, day.userId, 'dataSharing'))
  const insight = await narrate(deps, draft, recent, mayTell)
  if (isSame && insight.metadata.fallback !== undefined) return undefined
  return { insight, replaced: stamp && (await whole()) }
}

/** The narrator did not answer then; what it said and was not believed is not asked for again. */
function wasSilent({ metadata: { fallback } }: InsightStamp): boolean {
  return fallback === 'timed_out' || fallback === 'unavailable'
}
