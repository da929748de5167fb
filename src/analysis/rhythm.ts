import type { Day, Reason } from '../model/day.ts'
import { rememberedTogether } from '../model/remembered.ts'
import { cosinorPeak } from '../signal/cosinor.ts'
import { doubles } from '../signal/memory.ts'
import { interdailyStability, intradailyVariability, leastActive, meanDay, mostActive, relativeAmplitude } from '../signal/rest-activity.ts'
import { epochPairs, regularityOf } from '../signal/sleep-regularity.ts'
import { baselineDays } from './baseline.ts'
import { type DayTrace, traceOf } from './day-trace.ts'
import { absent } from './findings.ts'
import { goals } from './goals.ts'
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
const needed = { days: 7, pairs: 7, weekNights: 5, earlierNights: 10, freeNights: 3, workNights: 8, debtNights: 10 }

/** Days at their places: 0 is the date itself, 1 the date before. */
type Calendar = readonly (DayTrace | undefined)[]

/** `past` are days of the 28 dates before `day`. */
export function rhythmOf(day: Day, past: readonly Day[], ageYears: number | undefined): Rhythm {
  const own = traceOf(day)
  const calendar = new Array<DayTrace | undefined>(1 + baselineDays).fill(undefined)
  calendar[0] = own
  for (const each of past) {
    const trace = traceOf(each)
    calendar[own.dayNumber - trace.dayNumber] = trace
  }
  const activity = activityOf(calendar.slice(0, fortnight))
  const activityBefore = activityOf(calendar.slice(fortnight, 2 * fortnight))
  const sleep = sleepRhythm(calendar, ageYears)
  return {
    ...sleep,
    ...(activity && { activity }),
    ...(activityBefore && { activityBefore }),
    reasons: activity === undefined ? [...sleep.reasons, thinHours(calendar)] : sleep.reasons,
  }
}

function sleepRhythm(calendar: Calendar, ageYears: number | undefined): Rhythm {
  const timed = calendar.map((day) => day?.sleep)
  const nights = (from: number, to: number) => timed.slice(from, to).filter((night) => night !== undefined)
  const month = nights(0, 29)
  const free = month.filter(({ isFree }) => isFree)
  const { regularity, pairs } = regularityIn(calendar)
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
  const [owed, owedBefore] = [debt(0), debt(7)]
  const rhythm: { -readonly [Name in keyof Rhythm]: Rhythm[Name] } = { need, reasons }
  if (pairs >= needed.pairs) rhythm.regularity = regularity
  if (week.length >= needed.weekNights) rhythm.midSleep = meanMidSleep(week)
  if (earlier.length >= needed.earlierNights) rhythm.midSleepBefore = meanMidSleep(earlier)
  if (isKnownWeek) rhythm.socialJetlag = socialJetlag(month)
  if (isKnownWeek) rhythm.chronotype = chronotype(month)
  if (owed !== undefined) rhythm.debt = owed
  if (owedBefore !== undefined) rhythm.debtBefore = owedBefore
  return rhythm
}

/** What the person sleeps on free days, within what is recommended; 8 h where that is unknown. Minutes. */
function needOf(free: readonly TimedSleep[], ageYears: number | undefined): number {
  if (free.length < needed.freeNights) return goals.sleepNeedMinutes
  const { low, high } = goals.sleepHours[(ageYears ?? 0) >= 65 ? 'older' : 'adult']
  const mean = free.reduce((sum, { asleepMinutes }) => sum + asleepMinutes, 0) / free.length
  return Math.min(60 * high, Math.max(60 * low, mean))
}

/** Over 14 dates; pairs of dates of which both nights are known. */
function regularityIn(calendar: Calendar): { readonly regularity: number; readonly pairs: number } {
  const nights = calendar.slice(1, fortnight).flatMap((now, at) => nightPairs([calendar[at], now]))
  const { index, pairs } = regularityOf(nights)
  return { regularity: index, pairs: pairs / 1440 }
}

/** Of a night and the one before it: asked 13 times. */
const nightPairs = rememberedTogether(([later, now]: Calendar) =>
  later?.asleep === undefined || now?.asleep === undefined ? [] : [epochPairs(now.asleep, later.asleep)],
)

/** A fortnight is asked for twice: when it ends, and two weeks later. */
const activityOf = rememberedTogether((fortnightDays: Calendar): ActivityRhythm | undefined => {
  const known = hourlyDays(fortnightDays, 0)
  if (known.length < needed.days) return undefined
  const hours = doubles(fortnight * 24).fill(Number.NaN)
  const logs = doubles(fortnight * 24).fill(Number.NaN)
  for (const { at, steps, logs: own } of known) {
    hours.set(steps, (fortnight - 1 - at) * 24)
    logs.set(own, (fortnight - 1 - at) * 24)
  }
  const profile = meanDay(hours, 24)
  if (profile.some(Number.isNaN)) return undefined
  const quiet = leastActive(profile, 5)
  const busy = mostActive(profile, 10)
  const stability = interdailyStability(hours, 24)
  // Where nobody moved there is no rhythm to speak of.
  if (!(busy.mean > 0) || Number.isNaN(stability)) return undefined
  return {
    days: known.length,
    stability,
    variability: intradailyVariability(hours),
    amplitude: relativeAmplitude(busy.mean, quiet.mean),
    quietFrom: quiet.from,
    busyFrom: busy.from,
    peak: cosinorPeak(logs, 24) * 24,
  }
})

interface HourlyDay {
  readonly at: number
  readonly steps: Float64Array
  readonly logs: Float64Array
}

function hourlyDays(calendar: Calendar, from: number): HourlyDay[] {
  return calendar.slice(from, from + fortnight).flatMap((day, at) => {
    const { hourlySteps: steps, hourlyLogs: logs } = day ?? {}
    return steps === undefined || logs === undefined ? [] : [{ at, steps, logs }]
  })
}

function thinHours(calendar: Calendar): Reason {
  return absent('circadian.interdailyStability', 'too_few_days', hourlyDays(calendar, 0).length, needed.days)
}

function thin(field: string, have: number, need: number): Reason[] {
  return have >= need ? [] : [absent(`circadian.${field}`, 'too_few_nights', Math.floor(have), need)]
}
