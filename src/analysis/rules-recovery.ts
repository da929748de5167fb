import { shiftDate, sideOf } from './baseline.ts'
import { readingLike } from './day-trace.ts'
import { type FigureName, figures } from './figures.ts'
import { type Rule, rule } from './rule.ts'
import { variability } from './variability.ts'
import { fact, type View } from './view.ts'
import { sayDuration, told } from './wording.ts'

const plews = 'Plews 2013, Sports Med 43:773'

/** Sentences about recovery, from the night's variability and the resting heart rate. None says what it means for health. */
export const recoveryRules: readonly Rule[] = [
  rule({
    name: 'low_hrv_twice',
    kind: 'insight',
    section: 'heart',
    topic: 'recovery',
    condition: 'nightly variability below its usual range on this date and the one before, and not on the one before that',
    usefulChange: '10 %',
    source: `${plews}; the two in a row are our choice`,
    weight: 48,
    polarity: 'bad',
    when: (view) => {
      const found = variability(view)
      if (found === undefined || view.day.hrv?.window !== 'night') return undefined
      const [today, before, earlier] = [0, 1, 2].map((days) => sideOn(view, found.figure, days))
      return today === -1 && before === -1 && earlier !== -1 ? found : undefined
    },
    says: ({ name }) => `Your heart rate variability (${name}) stayed below your usual range for 2 nights; an easy day may suit you.`,
    evidence: ({ value, metric }, view) => [
      fact(view, metric, value, 'ms'),
      fact(view, 'nights_running', 2, '{nights}', `${shiftDate(view.day.date, -1)}/${view.day.date}`),
    ],
  }),
  rule({
    name: 'good_recovery',
    kind: 'insight',
    section: 'heart',
    topic: 'recovery',
    condition:
      'nightly variability at or above its median and resting heart rate at or below its median, one of them outside its usual range',
    source: `${plews}; Buchheit 2014, Front Physiol 5:73; the combination is our rule`,
    weight: 62,
    polarity: 'good',
    when: (view) => bothSigns(view, 1),
    says: ({ hrv, resting, name }) =>
      `Signs of good recovery: heart rate variability (${name}) of ${hrv} ms and a resting heart rate of ${resting} bpm.`,
    evidence: signsEvidence,
  }),
  rule({
    name: 'strained',
    kind: 'insight',
    section: 'heart',
    topic: 'recovery',
    condition: 'nightly variability below and resting heart rate above its usual range',
    source: `${plews}; Buchheit 2014, Front Physiol 5:73; the combination is our rule`,
    weight: 74,
    polarity: 'bad',
    when: (view) => bothSigns(view, -1),
    says: ({ hrv, resting, name }) =>
      `Your heart rate variability (${name}, ${hrv} ms) was lower and your resting heart rate (${resting} bpm) higher than usual; an easy day may suit you.`,
    evidence: signsEvidence,
  }),
  rule({
    name: 'recovered_from_workout',
    kind: 'insight',
    section: 'heart',
    topic: 'recovery',
    condition: 'at least 30 min of workouts the day before, and nightly variability within or above its usual range',
    source: `${plews}; the 30 min are our choice`,
    weight: 46,
    polarity: 'good',
    when: (view) => {
      const yesterday = shiftDate(view.day.date, -1)
      const before = view.week.find(({ date }) => date === yesterday)
      const minutes = told('min', before?.workouts.reduce((sum, workout) => sum + workout.durationMinutes, 0) ?? 0, 'metric')
      const found = variability(view)
      const side = sideOn(view, found?.figure ?? 'hrvSdnn', 0)
      return found !== undefined && view.day.hrv?.window === 'night' && minutes >= 30 && (side === 0 || side === 1)
        ? { ...found, minutes }
        : undefined
    },
    says: ({ value, name, minutes }) =>
      `After ${sayDuration(minutes)} of workouts the day before, your heart rate variability (${name}) of ${value} ms points to a good recovery.`,
    evidence: ({ value, metric, minutes }, view) => [
      fact(view, metric, value, 'ms'),
      fact(view, 'workout', minutes, 'min', shiftDate(view.day.date, -1)),
    ],
  }),
]

function sideOn(view: View, name: FigureName, daysAgo: number): -1 | 0 | 1 | undefined {
  const baseline = view.baselines.ready.get(name)
  if (baseline === undefined) return undefined
  const date = shiftDate(view.day.date, -daysAgo)
  const day = view.week.find((each) => each.date === date)
  const value = day === undefined ? Number.NaN : readingLike(view.day, name, day)
  return Number.isNaN(value) ? undefined : sideOf(figures[name], value, baseline)
}

interface Signs {
  readonly hrv: number
  readonly resting: number
  readonly name: string
  readonly metric: string
}

function bothSigns(view: View, wanted: -1 | 1): Signs | undefined {
  const found = variability(view)
  const hrv = found && view.baselines.ready.get(found.figure)
  const rate = view.baselines.ready.get('restingHeartRate')
  const resting = view.day.heartRate.resting
  if (found === undefined || view.day.hrv?.window !== 'night' || hrv === undefined || rate === undefined || resting === undefined)
    return undefined
  const ofHrv = sideOf(figures[found.figure], view.day.hrv.value, hrv)
  const ofRate = -sideOf(figures.restingHeartRate, resting, rate)
  const isGood = view.day.hrv.value >= hrv.median && resting <= rate.median && (ofHrv === 1 || ofRate === 1)
  const isBad = ofHrv === -1 && ofRate === -1
  const signs = { hrv: found.value, resting: Math.round(resting), name: found.name, metric: found.metric }
  return (wanted === 1 ? isGood : isBad) ? signs : undefined
}

function signsEvidence({ hrv, resting, metric }: Signs, view: View) {
  return [fact(view, metric, hrv, 'ms'), fact(view, 'resting_heart_rate', resting, '/min')]
}
