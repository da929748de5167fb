import type { Change } from '../model/change.ts'
import type { Day } from '../model/day.ts'
import type { Evidence, Statement } from '../model/insight.ts'
import { dayBounds } from '../model/zone.ts'
import { type Baselines, baselineDays, baselinesOf, shiftDate } from './baseline.ts'
import { goals, type OwnGoals } from './goals.ts'
import { type Rhythm, rhythmOf } from './rhythm.ts'
import type { Units } from './wording.ts'

/** What an insight is told from. */
export interface View {
  readonly day: Day
  /** Days of the 28 dates before, oldest first. */
  readonly past: readonly Day[]
  /** Days of the 7 dates that end with this one, oldest first. */
  readonly week: readonly Day[]
  readonly baselines: Baselines
  /** What the trends noticed of the person. */
  readonly changes: readonly Change[]
  /** False while the date still runs in its zone. */
  readonly over: boolean
  readonly units: Units
  readonly ageYears?: number
  readonly stepGoal: number
  readonly rhythm: Rhythm
}

export type Section = 'activity' | 'circadian' | 'heart' | 'sleep'

/** Whether what is said is good news, bad news, or neither. */
export type Polarity = 'bad' | 'good' | 'neutral'

export interface Telling extends Statement {
  readonly section: Section
  /** More is more important. */
  readonly weight: number
  readonly polarity?: Polarity
}

export interface InsightInput {
  readonly day: Day
  /** Oldest first; what lies outside the 28 dates before `day` is ignored. */
  readonly history: readonly Day[]
  /** RFC 3339. */
  readonly generatedAt: string
  readonly processingTimeS: number
  readonly goals?: OwnGoals
  /** What the trends noticed; those of the date before are told. */
  readonly changes?: readonly Change[]
  /** For distances in sentences; metric if absent. */
  readonly units?: Units
  readonly ageYears?: number
  /** 1 if absent. */
  readonly revision?: number
}

export function viewOf({ day, history, generatedAt, goals: own, units = 'metric', ageYears, changes = [] }: InsightInput): View {
  const weekStart = shiftDate(day.date, -6)
  const from = shiftDate(day.date, -baselineDays)
  const past = between(byDate(history), from, day.date)
  const { endMs } = dayBounds([{ fromMs: 0, zone: day.zone }], day.date)
  return {
    day,
    past,
    week: [...between(past, weekStart, day.date), day],
    baselines: baselinesOf(day, past),
    changes,
    over: Date.parse(generatedAt) >= endMs,
    units,
    ...(ageYears === undefined ? {} : { ageYears }),
    stepGoal: own?.dailySteps ?? goals.dailySteps,
    rhythm: rhythmOf(day, past, ageYears),
  }
}

/** They come in order as a rule. */
function byDate(days: readonly Day[]): readonly Day[] {
  for (let at = 1; at < days.length; at++)
    if ((days[at] as Day).date < (days[at - 1] as Day).date) return days.toSorted((a, b) => (a.date < b.date ? -1 : 1))
  return days
}

/** Of days in order those from one date to before another: they are the last ones as a rule. */
function between(days: readonly Day[], from: string, until: string): readonly Day[] {
  let end = days.length
  while (end > 0 && (days[end - 1] as Day).date >= until) end--
  let first = end
  while (first > 0 && (days[first - 1] as Day).date >= from) first--
  return days.slice(first, end)
}

/** Evidence that is no figure with a baseline: a sum, a count, a goal. `window` is the date if absent. */
export function fact(view: View, metric: string, value: number, unit: string, window = view.day.date): Evidence {
  return { metric, value, unit, window }
}

/** The 7 dates that end with this one. */
export function weekWindow({ day }: View): string {
  return `${shiftDate(day.date, -6)}/${day.date}`
}
