import { shiftDate } from './baseline.ts'
import { highestHeartRate } from './heart-zones.ts'
import { isMinor } from './recommendations.ts'
import { type Rule, rule } from './rule.ts'
import { fact } from './view.ts'
import { run } from './weeks.ts'
import { grouped, sayDuration } from './wording.ts'

const milestones: readonly number[] = [3, 5, 7, 10, 14, 21, 28]

/** Sentences about a day of movement that are not one figure against its usual range. */
export const activityRules: readonly Rule[] = [
  rule({
    name: 'step_goal_streak',
    kind: 'achievement',
    section: 'activity',
    topic: 'steps against the goal',
    condition: 'the step goal met on 3, 5, 7, 10, 14, 21 or 28 dates in a row',
    source: 'the person’s own days; the numbers are our choice',
    weight: 52,
    polarity: 'good',
    when: (view) => {
      const days = run(view, ({ steps = 0 }) => steps >= view.stepGoal)
      return milestones.includes(days) ? days : undefined
    },
    says: (days) => `Step goal met ${days} days in a row.`,
    evidence: (days, view) => [
      fact(view, 'step_goal_days_running', days, '{days}', `${shiftDate(view.day.date, 1 - days)}/${view.day.date}`),
    ],
  }),
  rule({
    name: 'near_step_goal',
    kind: 'insight',
    section: 'activity',
    topic: 'steps against the goal',
    condition: 'between 90 % of the step goal and the goal, and the date is over',
    source: 'the 90 % are our choice',
    weight: 35,
    polarity: 'neutral',
    when: (view) => {
      const { steps = 0 } = view.day
      return view.over && steps >= 0.9 * view.stepGoal && steps < view.stepGoal ? view.stepGoal - steps : undefined
    },
    says: (missing, view) =>
      `You were ${grouped(missing)} ${missing === 1 ? 'step' : 'steps'} short of the goal of ${grouped(view.stepGoal)}.`,
    evidence: (missing, view) => [fact(view, 'steps_to_goal', missing, '{steps}'), fact(view, 'steps_goal', view.stepGoal, '{steps}')],
  }),
  rule({
    name: 'unbroken_sitting',
    kind: 'recommendation',
    section: 'activity',
    topic: 'sitting of the day',
    condition: 'a stretch of at least 4 h awake without a step, longer than usual; not under 18 years',
    source: 'Diaz 2017, Ann Intern Med 167:465; the 4 h are our choice',
    weight: 20,
    polarity: 'bad',
    when: (view) => {
      const longest = view.day.sedentary?.longestMinutes ?? 0
      const usual = view.baselines.ready.get('longestSitting')?.median ?? Infinity
      return view.over && !isMinor(view) && longest >= 240 && longest > usual ? longest : undefined
    },
    says: (minutes) => `You once went ${sayDuration(minutes)} without a step; a short walk now and then breaks up long sitting.`,
    evidence: (minutes, view) => [fact(view, 'longest_sedentary_bout', minutes, 'min')],
  }),
  rule({
    name: 'stand_hours',
    kind: 'achievement',
    section: 'activity',
    topic: 'hours stood',
    condition: 'at least 12 hours in which the person stood, by the device',
    source: 'the goal of Apple’s stand ring',
    weight: 28,
    polarity: 'good',
    when: ({ day: { standHours } }) => (standHours !== undefined && standHours >= 12 ? standHours : undefined),
    says: (hours) => `You stood up in ${hours} different hours.`,
    evidence: (hours, view) => [fact(view, 'stand_hours', hours, 'h'), fact(view, 'stand_hours_goal', 12, 'h')],
  }),
  rule({
    name: 'even_day',
    kind: 'insight',
    section: 'activity',
    topic: 'spread of steps',
    condition: 'at least 250 steps in each of at least 12 hours of the date',
    source: 'hourly 250 steps are a goal that trackers set against sitting; the 12 hours are our choice',
    weight: 23,
    polarity: 'good',
    when: ({ day: { hourlySteps = [] } }) => {
      const hours = hourlySteps.filter((steps) => (steps ?? 0) >= 250).length
      return hours >= 12 ? hours : undefined
    },
    says: (hours) => `Your movement was well spread: at least 250 steps in ${hours} different hours.`,
    evidence: (hours, view) => [fact(view, 'hours_with_steps', hours, 'h'), fact(view, 'steps_an_hour', 250, '{steps}')],
  }),
  rule({
    name: 'heart_rate_peak',
    kind: 'insight',
    section: 'heart',
    topic: 'peak of the heart rate',
    condition: 'a workout on the date, and a heart rate of at least 90 % of the highest to be expected at the age',
    source: 'Tanaka 2001, J Am Coll Cardiol 37:153; the 90 % are our choice',
    weight: 36,
    polarity: 'neutral',
    when: ({ day, ageYears }) => {
      const { max } = day.heartRate
      if (max === undefined || ageYears === undefined || day.workouts.length === 0) return undefined
      const expected = Math.round(highestHeartRate(ageYears))
      return max >= 0.9 * expected ? { max: Math.round(max), expected, share: Math.round((100 * max) / expected) } : undefined
    },
    says: ({ max, expected, share }) =>
      `Your heart rate reached ${max} bpm, ${share} % of the ${expected} bpm expected as the highest at your age.`,
    evidence: ({ max, expected, share }, view) => [
      fact(view, 'heart_rate_max', max, '/min'),
      fact(view, 'heart_rate_expected_max', expected, '/min'),
      fact(view, 'heart_rate_share_of_max', share, '%'),
    ],
  }),
]
