import type { DayInput, EarlySample } from '../analysis/day-input.ts'
import { fingerprint } from '../analysis/fingerprint.ts'
import { canonicalJson } from '../model/in-order.ts'
import { metrics } from '../model/metrics.ts'
import { remembered } from '../model/remembered.ts'
import { defaultSourcePriority } from '../model/source.ts'
import { ageYears } from '../model/user.ts'
import { dayBounds, type ZoneTimeline } from '../model/zone.ts'
import { nextDate, previousDate } from './dirty-days.ts'
import type { LoadedSession } from './load-samples.ts'
import type { KnownUser } from './manage-user.ts'

export function zonesOf(user: KnownUser): ZoneTimeline {
  return user.zones?.timeline ?? [{ fromMs: 0, zone: user.profile.timezone }]
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

/** A date without a session of its own is a day all the same when a night or a walk of the day before reaches into it. */
function reachesPast(startMs: number, sessions: readonly LoadedSession[]): boolean {
  return sessions.some(
    ({ sleep, series }) =>
      sleep.some(({ endMs, word }) => word !== 'in_bed' && endMs > startMs) ||
      series.some(({ metric, endMs }) => metrics[metric].kind === 'cumulative' && endMs.some((each) => each > startMs)),
  )
}
