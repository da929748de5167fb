import { baselineDays, baselineNeeds, shiftDate } from './baseline.ts'
import { readingLike } from './day-trace.ts'
import { type Figure, figures } from './figures.ts'
import { goals } from './goals.ts'
import { mentionsMedicine } from './narrative.ts'
import type { Rule } from './rule.ts'
import { fact, type Section, type Telling, type View } from './view.ts'
import { say, sayDuration, told } from './wording.ts'

/** Sentences about what is not one figure against its baseline. */
export const remarks: readonly Rule[] = [
  remark('naps', 'sleep', 'naps', naps, 'there were any', 'the recorded naps'),
  remark('workouts', 'activity', 'workouts', workouts, 'there were any; the three longest', 'the recorded workouts'),
  {
    ...remark(
      'raised_resting_heart_rate',
      'heart',
      'recovery',
      raisedRestingHeartRate,
      'at least 4 bpm above the median of the 28 dates before on this date and the one before, and not on the one before that: once for a run of days. Many ordinary things do that, and the sentence says so',
      'threshold and the two in a row from NightSignal (Alavi 2022, Nat Med 28:175), which compares averages of whole nights with the median of all nights before; the resting heart rate of the day, the 28 dates and saying it once are our choice',
    ),
    usefulChange: '4 bpm',
  },
]

function remark(name: string, section: Section, topic: string, tell: (view: View) => Telling[], condition: string, source: string): Rule {
  return { name, kind: 'insight', section, topic, condition, usefulChange: '–', source, tell }
}

/** Where a person usually has nights, that one is missing is worth saying. */
export function missingNight(view: View): Telling[] {
  const { day, past } = view
  const nights = past.filter(({ sleep }) => sleep !== undefined).length
  if (day.sleep !== undefined || nights < baselineNeeds) return []
  const window = `${shiftDate(day.date, -baselineDays)}/${shiftDate(day.date, -1)}`
  const text = `No sleep was recorded for this night; it was on ${nights} of the ${baselineDays} nights before.`
  return [{ section: 'sleep', weight: 95, text, evidence: [fact(view, 'nights_with_sleep', nights, '{nights}', window)] }]
}

function naps(view: View): Telling[] {
  const minutes = view.day.naps.reduce((sum, nap) => sum + nap.asleepMinutes, 0)
  const value = told('min', minutes, view.units)
  if (value === 0) return []
  return [
    { section: 'sleep', weight: 28, text: `You also napped for ${sayDuration(value)}.`, evidence: [fact(view, 'nap_time', value, 'min')] },
  ]
}

const mostWorkouts = 3

/** The longest ones. */
function workouts(view: View): Telling[] {
  const longest = view.day.workouts.toSorted((a, b) => b.durationMinutes - a.durationMinutes).slice(0, mostWorkouts)
  return longest.map(({ type, durationMinutes, distanceMeters = 0 }) => {
    const minutes = told('min', durationMinutes, view.units)
    const distance = told('m', distanceMeters, view.units)
    const evidence = [fact(view, 'workout', minutes, 'min')]
    if (distance > 0) evidence.push(fact(view, 'workout_distance', distance, 'm'))
    const way = distance > 0 ? ` (${say('m', distance, view.units)})` : ''
    return { section: 'activity', weight: 60, text: `You logged ${activityWords(type)} for ${sayDuration(minutes)}${way}.`, evidence }
  })
}

/** Types come from files: only plain words are repeated. */
function activityWords(type: string): string {
  const words = type.replaceAll('_', ' ')
  return /^[a-z]+(?: [a-z]+){0,4}$/.test(words) && words.length <= 50 && !mentionsMedicine(words) ? words : 'a workout'
}

/**
 * Once for a run of days: on its second, where resting heart rate is 4/min or more above the median both times. All
 * three days are held against today's baseline.
 */
function raisedRestingHeartRate(view: View): Telling[] {
  const figure: Figure = figures.restingHeartRate
  const baseline = view.baselines.ready.get('restingHeartRate')
  if (baseline === undefined) return []
  const [today, dayBefore, earlier] = [0, -1, -2].map((days) => {
    const date = shiftDate(view.day.date, days)
    const day = view.week.find((each) => each.date === date)
    const value = day === undefined ? Number.NaN : readingLike(view.day, 'restingHeartRate', day)
    return value - baseline.median >= goals.raisedRestingHeartRate ? value : undefined
  })
  if (today === undefined || dayBefore === undefined || earlier !== undefined) return []
  const { median, mad, n, window } = baseline
  const least = goals.raisedRestingHeartRate
  const text = `Your resting heart rate was at least ${least} bpm higher than your usual two days running; many ordinary things do that, such as a late meal, a warm room or hard exercise.`
  return [
    {
      section: 'heart',
      weight: 110,
      polarity: 'bad',
      text,
      evidence: [
        { ...fact(view, figure.metric, today, '/min'), baseline: { median, mad, n, window } },
        fact(view, figure.metric, dayBefore, '/min', shiftDate(view.day.date, -1)),
        fact(view, 'resting_heart_rate_rise_at_least', least, '/min'),
        fact(view, 'days_running', 2, '{days}', `${shiftDate(view.day.date, -1)}/${view.day.date}`),
      ],
    },
  ]
}
