import type { Evidence, Statement } from '../model/insight.ts'
import { median } from '../signal/statistics.ts'
import { bedtimeEvidence, bedtimesNeeded, bedtimesOf } from './achievements.ts'
import { goals } from './goals.ts'
import { fact, type View, weekWindow } from './view.ts'
import { grouped, sayDuration, told } from './wording.ts'

/** General advice for well adults, at most one sentence of each kind; nothing for people known to be under 18, whose needs differ. */
export function recommendationsFor(view: View): Statement[] {
  if (view.ageYears !== undefined && view.ageYears < 18) return []
  return [first(shortWeek, shortNight), first(quietWeek, fewSteps), irregularBedtimes].flatMap((advice) => advice(view))
}

type Advice = (view: View) => Statement[]

/** The first one that has something to say. */
function first(...advice: readonly Advice[]): Advice {
  return (view) => advice.map((each) => each(view)).find((statements) => statements.length > 0) ?? []
}

const daysNeeded = 5

function shortWeek(view: View): Statement[] {
  const nights = view.week.flatMap(({ sleep }) => sleep?.asleepMinutes ?? [])
  const value = told('min', median(nights), view.units)
  const { low, words, evidence } = sleepBand(view)
  if (nights.length < daysNeeded || value >= low * 60) return []
  return [
    {
      text: `Your median over ${nights.length} of the last 7 nights was ${sayDuration(value)} of sleep; ${words}. Going to bed a little earlier could help.`,
      evidence: [
        fact(view, 'total_sleep_time_median', value, 'min', weekWindow(view)),
        fact(view, 'nights_with_sleep', nights.length, '{nights}', weekWindow(view)),
        ...evidence,
      ],
    },
  ]
}

function shortNight(view: View): Statement[] {
  const value = told('min', view.day.sleep?.asleepMinutes ?? Number.NaN, view.units)
  const { shortest, words, evidence } = sleepBand(view)
  if (!(value < shortest * 60)) return []
  const text = `You slept ${sayDuration(value)}; ${words}. If you can, go to bed a little earlier tonight.`
  return [{ text, evidence: [fact(view, 'total_sleep_time', value, 'min'), ...evidence] }]
}

interface SleepBand {
  /** Hours. */
  readonly low: number
  readonly shortest: number
  readonly words: string
  readonly evidence: readonly Evidence[]
}

/** That of adults under 65 where the age is unknown. */
function sleepBand(view: View): SleepBand {
  const { low, high, shortest } = goals.sleepHours[(view.ageYears ?? 0) >= 65 ? 'older' : 'adult']
  return {
    low,
    shortest,
    words: `${low}–${high} h are recommended`,
    evidence: [fact(view, 'sleep_recommended_from', low, 'h', 'night'), fact(view, 'sleep_recommended_to', high, 'h', 'night')],
  }
}

/** Only of a full week: a day without the figure is not a day without movement. */
function quietWeek(view: View): Statement[] {
  const days = view.week.flatMap(({ activeMinutes }) => activeMinutes ?? [])
  const sum = told(
    'min',
    days.reduce((total, minutes) => total + minutes, 0),
    'metric',
  )
  const { weeklyActiveMinutes: goal, weeklyVigorousMinutes: vigorous } = goals
  if (!view.over || days.length < 7 || sum >= goal) return []
  return [
    {
      text: `Your last 7 days had ${grouped(sum)} active minutes; the World Health Organization recommends ${goal} moderate or ${vigorous} vigorous ones a week. A brisk daily walk adds up.`,
      evidence: [
        fact(view, 'active_minutes_sum', sum, 'min', weekWindow(view)),
        fact(view, 'active_minutes_weekly_goal', goal, 'min', '7d'),
        fact(view, 'vigorous_minutes_weekly_goal', vigorous, 'min', '7d'),
      ],
    },
  ]
}

function fewSteps(view: View): Statement[] {
  const days = view.week.flatMap(({ steps }) => steps ?? [])
  const value = told('{steps}', median(days), 'metric')
  const movesEnough = view.week.some(({ activeMinutes }) => activeMinutes !== undefined)
  if (!view.over || movesEnough || days.length < daysNeeded || value >= goals.lowSteps) return []
  return [
    {
      text: `Your median over ${days.length} of the last 7 days was ${grouped(value)} steps; under ${grouped(goals.lowSteps)} counts as little movement. A short walk more each day adds up.`,
      evidence: [
        fact(view, 'steps_median', value, '{steps}', weekWindow(view)),
        fact(view, 'days_with_steps', days.length, '{days}', weekWindow(view)),
        fact(view, 'steps_little_movement', goals.lowSteps, '{steps}', 'day'),
      ],
    },
  ]
}

function irregularBedtimes(view: View): Statement[] {
  const { range, nights } = bedtimesOf(view)
  if (nights < bedtimesNeeded || range <= goals.irregularBedtimes) return []
  const text = `Your bedtimes on ${nights} of the last 7 nights lay up to ${sayDuration(range)} apart. A regular bedtime goes with better sleep.`
  return [{ text, evidence: bedtimeEvidence(view) }]
}
