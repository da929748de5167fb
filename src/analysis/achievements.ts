import type { Statement } from '../model/insight.ts'
import { clockDifference } from './clock.ts'
import { type Figure, type FigureName, figures } from './figures.ts'
import { goals } from './goals.ts'
import type { Rule } from './rule.ts'
import { fact, type Section, type View, weekWindow } from './view.ts'
import { grouped, say, sayDuration, told } from './wording.ts'

const paluch = 'fewer deaths up to 6,000–8,000 steps a day from 60 years on, 8,000–10,000 below: Paluch 2022, Lancet Public Health 7:e219'

/** What the person reached on this date or in the week that ends with it. */
export const achievements: readonly Rule[] = [
  achievement('step_goal', 'activity', 'steps against the goal', stepGoal, 'at least the person’s own goal, else 8,000 steps', paluch),
  achievement(
    'most_steps',
    'activity',
    'steps against the best',
    mostSteps,
    'more than on any of the 28 dates before, at least 7 known',
    'the person’s own days',
  ),
  achievement(
    'most_active_minutes',
    'activity',
    'active minutes against the best',
    mostActive,
    'longer than on any of the 28 dates before, at least 7 known',
    'the person’s own days',
  ),
  achievement(
    'active_week',
    'activity',
    'active minutes of the week',
    activeWeek,
    'at least 150 active minutes in 7 days; vigorous ones count once, so it is never said too early',
    'WHO 2020: Bull, BJSM 54:1451',
  ),
  achievement(
    'regular_bedtimes',
    'sleep',
    'regularity of sleep',
    regularBedtimes,
    '6 or 7 bedtimes in 7 days, at most 60 min apart',
    'our measure; that regularity matters: Sletten 2023, Sleep Health 9:801',
  ),
]

function achievement(
  name: string,
  section: Section,
  topic: string,
  tell: (view: View) => Statement[],
  condition: string,
  source: string,
): Rule {
  return {
    name,
    kind: 'achievement',
    section,
    topic,
    condition,
    usefulChange: '–',
    source,
    tell: (view) => tell(view).map((statement) => ({ ...statement, weight: 49, polarity: 'good' })),
  }
}

function stepGoal(view: View): Statement[] {
  const { stepGoal: goal } = view
  const steps = view.day.steps ?? -1
  if (steps < goal) return []
  const over = steps - goal
  const text = `Step goal met: ${grouped(steps)} steps${over > 0 ? `, ${grouped(over)} over the goal of ${grouped(goal)}` : ''}.`
  const evidence = [
    fact(view, 'steps', steps, '{steps}'),
    fact(view, 'steps_goal', goal, '{steps}'),
    fact(view, 'steps_over_goal', over, '{steps}'),
  ]
  return [{ text, evidence }]
}

function mostSteps(view: View): Statement[] {
  return personalBest(view, 'steps', (value, n, before) => `More steps than on any of the ${n} days before: ${value}, up from ${before}.`)
}

function mostActive(view: View): Statement[] {
  return personalBest(
    view,
    'activeMinutes',
    (value, n, before) => `Longer active than on any of the ${n} days before: ${value}, up from ${before}.`,
  )
}

/** Against the days of the baseline, if there are enough of them. */
function personalBest(view: View, name: FigureName, words: (value: string, n: number, before: string) => string): Statement[] {
  const figure: Figure = figures[name]
  const baseline = view.baselines.ready.get(name)
  const exact = figure.read(view.day)
  if (baseline === undefined || exact === undefined) return []
  const before = told(figure.unit, Math.max(...view.past.map((day) => figure.read(day) ?? 0)), view.units)
  const value = told(figure.unit, exact, view.units)
  if (value <= before) return []
  const text = words(say(figure.unit, value, view.units), baseline.n, say(figure.unit, before, view.units))
  return [
    {
      text,
      evidence: [
        fact(view, figure.metric, value, figure.unit),
        fact(view, `${figure.metric}_best_before`, before, figure.unit, baseline.window),
        fact(view, `days_with_${figure.metric}`, baseline.n, '{days}', baseline.window),
      ],
    },
  ]
}

/** A day without the figure adds nothing, so the sum is at least what is told. */
function activeWeek(view: View): Statement[] {
  const sum = told(
    'min',
    view.week.reduce((total, { activeMinutes = 0 }) => total + activeMinutes, 0),
    'metric',
  )
  const goal = goals.weeklyActiveMinutes
  if (sum < goal || view.day.activeMinutes === undefined) return []
  return [
    {
      text: `${grouped(sum)} active minutes over the last 7 days; the World Health Organization recommends at least ${goal} a week.`,
      evidence: [
        fact(view, 'active_minutes_sum', sum, 'min', weekWindow(view)),
        fact(view, 'active_minutes_weekly_goal', goal, 'min', '7d'),
      ],
    },
  ]
}

function regularBedtimes(view: View): Statement[] {
  const { range, nights } = bedtimesOf(view)
  if (view.day.sleep === undefined || nights < bedtimesNeeded || range > goals.regularBedtimes) return []
  return [
    {
      text: `Your bedtimes on ${nights} of the last 7 nights lay within ${sayDuration(range)} of each other.`,
      evidence: bedtimeEvidence(view),
    },
  ]
}

/** Nights of a week that make its bedtimes worth judging. */
export const bedtimesNeeded = 6

/** Minutes between the earliest and the latest bedtime of the week; NaN without any. */
export function bedtimesOf({ week }: View): { readonly range: number; readonly nights: number } {
  const bedtimes = week.flatMap((day) => figures.bedtime.read(day) ?? [])
  const apart = bedtimes.map((minute) => clockDifference(minute, bedtimes[0] ?? 0))
  return { range: apart.length === 0 ? Number.NaN : Math.max(...apart) - Math.min(...apart), nights: bedtimes.length }
}

export function bedtimeEvidence(view: View): Statement['evidence'] {
  const { range, nights } = bedtimesOf(view)
  const window = weekWindow(view)
  return [fact(view, 'bedtime_range', range, 'min', window), fact(view, 'nights_with_sleep', nights, '{nights}', window)]
}
