import type { Evidence, Statement } from '../model/insight.ts'
import { median } from '../signal/statistics.ts'
import { bedtimeEvidence, bedtimesNeeded, bedtimesOf } from './achievements.ts'
import { goals } from './goals.ts'
import type { Rule } from './rule.ts'
import { fact, type Section, type View, weekWindow } from './view.ts'
import { grouped, sayDuration, told } from './wording.ts'

const hirshkowitz = 'Hirshkowitz 2015, Sleep Health 1:40'

/** General advice for well adults; nothing for people known to be under 18, whose needs differ. */
export const recommendations: readonly Rule[] = [
  advice(
    'sleep_longer_week',
    'sleep',
    'missing sleep',
    shortWeek,
    '5 nights or more of 7, with a median below 7 h; the band told is 7–9 h, from 65 years on 7–8 h',
    `${hirshkowitz}; the 5 nights and the median are our choice`,
  ),
  advice(
    'sleep_longer_night',
    'sleep',
    'sleep of the night against the recommended',
    (view) => (shortWeek(view).length > 0 ? [] : shortNight(view)),
    'the night was shorter than 6 h, from 65 years on 5 h, and `sleep_longer_week` is not said',
    hirshkowitz,
  ),
  advice(
    'move_more_week',
    'activity',
    'active minutes of the week',
    quietWeek,
    'all 7 days have active minutes, and their sum is below 150',
    'WHO 2020: Bull, BJSM 54:1451; the sentence names 150 moderate or 75 vigorous minutes, as the sum does not say which they were',
  ),
  advice(
    'more_steps',
    'activity',
    'steps of the week',
    (view) => (quietWeek(view).length > 0 ? [] : fewSteps(view)),
    'no day of the 7 has active minutes, 5 or more have steps, and their median is below 5,000',
    'Tudor-Locke 2013, Appl Physiol Nutr Metab 38:100; the median of 5 days is our choice',
  ),
  advice(
    'regular_bedtimes_advice',
    'sleep',
    'regularity of sleep',
    irregularBedtimes,
    '6 or 7 bedtimes in 7 days, more than 120 min apart',
    'our measure; Sletten 2023, Sleep Health 9:801',
  ),
]

function advice(name: string, section: Section, topic: string, tell: (view: View) => Statement[], condition: string, source: string): Rule {
  return {
    name,
    kind: 'recommendation',
    section,
    topic,
    condition: `${condition}; not under 18 years`,
    usefulChange: '–',
    source,
    tell: (view) => (isMinor(view) ? [] : tell(view).map((statement) => ({ ...statement, weight: 20, polarity: 'bad' }))),
  }
}

export function isMinor({ ageYears }: View): boolean {
  return ageYears !== undefined && ageYears < 18
}

const daysNeeded = 5

function shortWeek(view: View): Statement[] {
  const nights = view.week.flatMap(({ sleep }) => sleep?.asleepMinutes ?? [])
  if (nights.length < daysNeeded) return []
  const value = told('min', median(nights), view.units)
  const { low, words, evidence } = sleepBand(view)
  if (value >= low * 60) return []
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

export interface SleepBand {
  /** Hours. */
  readonly low: number
  readonly high: number
  readonly shortest: number
  readonly words: string
  readonly evidence: readonly Evidence[]
}

/** That of adults under 65 where the age is unknown. */
export function sleepBand({ ageYears = 0 }: View): SleepBand {
  return ageYears >= 65 ? sleepBands.older : sleepBands.adult
}

const sleepBands = { adult: bandOf(goals.sleepHours.adult), older: bandOf(goals.sleepHours.older) }

function bandOf({ low, high, shortest }: Pick<SleepBand, 'high' | 'low' | 'shortest'>): SleepBand {
  const from = { metric: 'sleep_recommended_from', value: low, unit: 'h', window: 'night' }
  const to = { metric: 'sleep_recommended_to', value: high, unit: 'h', window: 'night' }
  return { low, high, shortest, words: `${low}–${high} h are recommended`, evidence: [from, to] }
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
