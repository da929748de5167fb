import { dayNumber } from '../model/calendar.ts'
import type { Day } from '../model/day.ts'
import { shiftDate } from './baseline.ts'
import { figures } from './figures.ts'
import { goals } from './goals.ts'
import { type Rule, rule } from './rule.ts'
import { fact, type View, weekWindow } from './view.ts'
import { isWeekly, type WeekChange, weekChange } from './weeks.ts'
import { grouped, told } from './wording.ts'

const who = 'WHO 2020: Bull, BJSM 54:1451'

/** Sentences about a week of movement. */
export const activityWeekRules: readonly Rule[] = [
  rule({
    name: 'active_week_twice',
    kind: 'achievement',
    section: 'activity',
    topic: 'active minutes of the week',
    condition: 'at least 300 active minutes in 7 days',
    source: `${who}: more than 300 minutes for additional benefit`,
    weight: 50,
    polarity: 'good',
    when: (view) => {
      const sum = weekSum(view, ({ activeMinutes }) => activeMinutes)
      return sum >= 300 && view.day.activeMinutes !== undefined ? sum : undefined
    },
    says: (sum) =>
      `${grouped(sum)} active minutes over the last 7 days are beyond the 150–300 that the World Health Organization recommends.`,
    evidence: (sum, view) => [
      fact(view, 'active_minutes_sum', sum, 'min', weekWindow(view)),
      fact(view, 'active_minutes_weekly_goal', 150, 'min', '7d'),
      fact(view, 'active_minutes_weekly_goal_to', 300, 'min', '7d'),
    ],
  }),
  rule({
    name: 'vigorous_week',
    kind: 'achievement',
    section: 'activity',
    topic: 'active minutes of the week',
    condition: 'at least 75 vigorous minutes in 7 days, by cadence and heart rate, and some on the date',
    source: who,
    weight: 48,
    polarity: 'good',
    when: (view) => {
      const sum = weekSum(view, ({ vigorousMinutes }) => vigorousMinutes)
      return sum >= goals.weeklyVigorousMinutes && (view.day.vigorousMinutes ?? 0) > 0 ? sum : undefined
    },
    says: (sum) =>
      `${grouped(sum)} vigorous minutes over the last 7 days; the World Health Organization recommends ${goals.weeklyVigorousMinutes} a week where they replace moderate ones.`,
    evidence: (sum, view) => [
      fact(view, 'vigorous_minutes_sum', sum, 'min', weekWindow(view)),
      fact(view, 'vigorous_minutes_weekly_goal', goals.weeklyVigorousMinutes, 'min', '7d'),
    ],
  }),
  rule({
    name: 'strength_week',
    kind: 'achievement',
    section: 'activity',
    topic: 'strength training of the week',
    condition: 'strength training on the date, and on at least 2 dates of 7',
    source: `${who}: on 2 or more days a week`,
    weight: 47,
    polarity: 'good',
    when: (view) => {
      const days = view.week.filter(isStrength).length
      return isStrength(view.day) && days >= 2 ? days : undefined
    },
    says: (days) => `You trained your strength on ${days} of the last 7 days; the World Health Organization recommends 2 or more a week.`,
    evidence: (days, view) => [
      fact(view, 'days_with_strength_training', days, '{days}', weekWindow(view)),
      fact(view, 'strength_days_weekly_goal', 2, '{days}', '7d'),
    ],
  }),
  rule({
    name: 'workout_days',
    kind: 'insight',
    section: 'activity',
    topic: 'workouts of the week',
    condition: 'a workout on the date, and on at least 4 dates of 7',
    source: 'the recorded workouts; the 4 dates are our choice',
    weight: 34,
    polarity: 'good',
    when: (view) => {
      const days = view.week.filter(({ workouts }) => workouts.length > 0).length
      return view.day.workouts.length > 0 && days >= 4 ? days : undefined
    },
    says: (days) => `You worked out on ${days} of the last 7 days.`,
    evidence: (days, view) => [fact(view, 'days_with_workouts', days, '{days}', weekWindow(view))],
  }),
  rule({
    name: 'workout_after_pause',
    kind: 'insight',
    section: 'activity',
    topic: 'workouts of the week',
    condition: 'a workout on the date, the first in at least 7 days within the 28 dates before',
    source: 'the recorded workouts; the 7 days are our choice',
    weight: 53,
    polarity: 'good',
    when: (view) => {
      const last = view.past.findLast(({ workouts }) => workouts.length > 0)
      const pause = last === undefined ? 0 : dayNumber(view.day.date) - dayNumber(last.date)
      return view.day.workouts.length > 0 && pause >= 7 ? pause : undefined
    },
    says: (days) => `This was your first workout in ${days} days.`,
    evidence: (days, view) => [fact(view, 'days_since_workout', days, '{days}', `${shiftDate(view.day.date, -days)}/${view.day.date}`)],
  }),
  rule({
    name: 'more_steps_week',
    kind: 'insight',
    section: 'activity',
    topic: 'steps of the week against the weeks before',
    ...weekWords(
      'median steps of the last 7 dates at least 1,000 above that of the 21 before; at least 5 and 10 known; on Sundays',
      '1,000 steps',
    ),
    weight: 37,
    polarity: 'good',
    when: (view) => stepsChange(view, 1),
    says: ({ now, before }) => `Your weekly median rose to ${grouped(now)} steps a day, from ${grouped(before)} in the weeks before.`,
    evidence: stepsEvidence,
  }),
  rule({
    name: 'fewer_steps_week',
    kind: 'insight',
    section: 'activity',
    topic: 'steps of the week against the weeks before',
    ...weekWords(
      'median steps of the last 7 dates at least 1,000 below that of the 21 before; at least 5 and 10 known; on Sundays',
      '1,000 steps',
    ),
    weight: 37,
    polarity: 'bad',
    when: (view) => stepsChange(view, -1),
    says: ({ now, before }) => `Your weekly median fell to ${grouped(now)} steps a day, from ${grouped(before)} in the weeks before.`,
    evidence: stepsEvidence,
  }),
]

function weekSum({ week }: View, read: (day: Day) => number | undefined): number {
  return told(
    'min',
    week.reduce((sum, day) => sum + (read(day) ?? 0), 0),
    'metric',
  )
}

function isStrength({ workouts }: Day): boolean {
  return workouts.some(({ type }) => /strength|weight_?lifting|core_training/.test(type))
}

function weekWords(condition: string, usefulChange: string) {
  return { condition, usefulChange, source: 'the person’s own weeks; 1,000 steps: Hall 2020, IJBNPA 17:78' }
}

function stepsChange(view: View, side: -1 | 1): WeekChange | undefined {
  const change = isWeekly(view) ? weekChange(view, 'steps') : undefined
  return change !== undefined && side * (change.now - change.before) >= figures.steps.usefulChange ? change : undefined
}

function stepsEvidence({ now, before, windowBefore }: WeekChange, view: View) {
  return [
    fact(view, 'steps_median', told('{steps}', now, 'metric'), '{steps}', weekWindow(view)),
    fact(view, 'steps_median_before', told('{steps}', before, 'metric'), '{steps}', windowBefore),
  ]
}
