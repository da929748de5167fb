import type { Day, Reason } from '../model/day.ts'
import { cosinor, logCounts } from '../signal/cosinor.ts'
import { interdailyStability, intradailyVariability, leastActive, meanDay, mostActive, relativeAmplitude } from '../signal/rest-activity.ts'
import { sleepRegularity } from '../signal/sleep-regularity.ts'
import { absent } from './findings.ts'
import { goals } from './goals.ts'
import { asleepFromNoon, dayNumber, timedSleep } from './night-clock.ts'
import { chronotype, meanMidSleep, sleepDebt, socialJetlag, type TimedSleep } from './sleep-timing.ts'

/** The weeks that end with a day, in numbers that sentences and figures are made of; absent where too little is known. */
export interface Rhythm {
  readonly regularity?: number
  /** Minutes after local midnight, of the last 7 dates and of the 21 before. */
  readonly midSleep?: number
  readonly midSleepBefore?: number
  readonly chronotype?: number
  readonly socialJetlag?: number
  /** Minutes over the last 14 dates, and over the 14 that ended a week ago. */
  readonly debt?: number
  readonly debtBefore?: number
  readonly need?: number
  readonly activity?: ActivityRhythm
  /** Of the 14 dates before the last 14. */
  readonly activityBefore?: ActivityRhythm
  readonly reasons: readonly Reason[]
}

export interface ActivityRhythm {
  readonly days: number
  readonly stability: number
  readonly variability: number
  readonly amplitude: number
  /** Hours of the day. */
  readonly quietFrom: number
  readonly busyFrom: number
  readonly peak: number
}

const fortnight = 14
const needed = { hours: 20, days: 7, pairs: 7, weekNights: 5, earlierNights: 10, freeNights: 3, workNights: 8, debtNights: 10 }

/** Days at their places: 0 is the date itself, 1 the date before. */
type Calendar = readonly (Day | undefined)[]

/** `past` are days of the 28 dates before `day`. */
export function rhythmOf(day: Day, past: readonly Day[], ageYears: number | undefined): Rhythm {
  const last = dayNumber(day.date)
  const calendar: (Day | undefined)[] = [day]
  for (const each of past) calendar[last - dayNumber(each.date)] = each
  const activity = activityRhythm(calendar, 0)
  const activityBefore = activityRhythm(calendar, fortnight)
  const sleep = sleepRhythm(calendar, ageYears)
  return {
    ...sleep,
    ...(activity && { activity }),
    ...(activityBefore && { activityBefore }),
    reasons: activity === undefined ? [...sleep.reasons, thinHours(calendar)] : sleep.reasons,
  }
}

function sleepRhythm(calendar: Calendar, ageYears: number | undefined) {
  const nights = (from: number, to: number) => calendar.slice(from, to).flatMap((day) => (day && timedSleep(day)) ?? [])
  const month = nights(0, 29)
  const free = month.filter(({ isFree }) => isFree)
  const { regularity, pairs } = regularityOf(calendar)
  const week = nights(0, 7)
  const earlier = nights(7, 28)
  const isKnownWeek = free.length >= needed.freeNights && month.length - free.length >= needed.workNights
  const need = needOf(free, ageYears)
  const debt = (from: number) => {
    const own = nights(from, from + fortnight).map(({ asleepMinutes }) => asleepMinutes)
    return own.length < needed.debtNights ? undefined : sleepDebt(own, need)
  }
  const reasons = [
    ...thin('sleepRegularity', pairs, needed.pairs),
    ...thin('midSleep', week.length, needed.weekNights),
    ...(isKnownWeek ? [] : thin('socialJetlag', free.length, Math.max(needed.freeNights, free.length + 1))),
    ...thin('sleepDebt', nights(0, fortnight).length, needed.debtNights),
  ]
  return {
    need,
    reasons,
    ...known('regularity', pairs < needed.pairs ? undefined : regularity),
    ...known('midSleep', week.length < needed.weekNights ? undefined : meanMidSleep(week)),
    ...known('midSleepBefore', earlier.length < needed.earlierNights ? undefined : meanMidSleep(earlier)),
    ...known('socialJetlag', isKnownWeek ? socialJetlag(month) : undefined),
    ...known('chronotype', isKnownWeek ? chronotype(month) : undefined),
    ...known('debt', debt(0)),
    ...known('debtBefore', debt(7)),
  }
}

/** What the person sleeps on free days, within what is recommended; 8 h where that is unknown. Minutes. */
function needOf(free: readonly TimedSleep[], ageYears: number | undefined): number {
  if (free.length < needed.freeNights) return goals.sleepNeedMinutes
  const { low, high } = goals.sleepHours[(ageYears ?? 0) >= 65 ? 'older' : 'adult']
  const mean = free.reduce((sum, { asleepMinutes }) => sum + asleepMinutes, 0) / free.length
  return Math.min(60 * high, Math.max(60 * low, mean))
}

/** Over 14 dates, oldest first; pairs of dates of which both nights are known. */
function regularityOf(calendar: Calendar): { readonly regularity: number; readonly pairs: number } {
  const days = Array.from({ length: fortnight }, (_, at) => calendar[fortnight - 1 - at])
  const asleep = new Float64Array(fortnight * 1440).fill(Number.NaN)
  days.forEach((day, at) => {
    const mask = day && asleepFromNoon(day)
    if (mask !== undefined) asleep.set(mask, at * 1440)
  })
  const { index, pairs } = sleepRegularity(asleep, 1440)
  return { regularity: index, pairs: pairs / 1440 }
}

function activityRhythm(calendar: Calendar, from: number): ActivityRhythm | undefined {
  const days = hourlyDays(calendar, from)
  if (days.length < needed.days) return undefined
  const hours = new Float64Array(fortnight * 24).fill(Number.NaN)
  for (const { at, steps } of days)
    hours.set(
      steps.map((value) => value ?? Number.NaN),
      (fortnight - 1 - at) * 24,
    )
  const profile = meanDay(hours, 24)
  if (profile.some(Number.isNaN)) return undefined
  const quiet = leastActive(profile, 5)
  const busy = mostActive(profile, 10)
  const stability = interdailyStability(hours, 24)
  // Where nobody moved there is no rhythm to speak of.
  if (!(busy.mean > 0) || Number.isNaN(stability)) return undefined
  return {
    days: days.length,
    stability,
    variability: intradailyVariability(hours),
    amplitude: relativeAmplitude(busy.mean, quiet.mean),
    quietFrom: quiet.from,
    busyFrom: busy.from,
    peak: cosinor(logCounts(hours), 24).peak * 24,
  }
}

function hourlyDays(calendar: Calendar, from: number): { readonly at: number; readonly steps: readonly (number | null)[] }[] {
  return Array.from({ length: fortnight }, (_, at) => ({ at, steps: calendar[from + at]?.hourlySteps ?? [] })).filter(
    ({ steps }) => steps.filter((value) => value !== null).length >= needed.hours,
  )
}

function thinHours(calendar: Calendar): Reason {
  return absent('circadian.interdailyStability', 'too_few_days', hourlyDays(calendar, 0).length, needed.days)
}

function thin(field: string, have: number, need: number): Reason[] {
  return have >= need ? [] : [absent(`circadian.${field}`, 'too_few_nights', Math.floor(have), need)]
}

function known<Name extends string>(name: Name, value: number | undefined): { readonly [_ in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [_ in Name]: number })
}
