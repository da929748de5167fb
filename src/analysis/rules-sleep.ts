import { dayNumber } from '../model/calendar.ts'
import { sleepBand } from './recommendations.ts'
import { type Rule, rule } from './rule.ts'
import { fact, type View, weekWindow } from './view.ts'
import { run } from './weeks.ts'
import { sayDuration } from './wording.ts'

const hirshkowitz = 'Hirshkowitz 2015, Sleep Health 1:40'

/** Sentences about how long people sleep that are not one figure against its usual range. */
export const sleepRules: readonly Rule[] = [
  rule({
    name: 'sleep_within_recommended',
    kind: 'insight',
    section: 'sleep',
    topic: 'sleep of the night against the recommended',
    condition: 'the night was as long as recommended: 7–9 h, from 65 years on 7–8 h',
    source: hirshkowitz,
    weight: 23,
    polarity: 'good',
    when: (view) => {
      const minutes = Math.round(view.day.sleep?.asleepMinutes ?? Number.NaN)
      const { low, high } = sleepBand(view)
      return minutes >= 60 * low && minutes <= 60 * high ? minutes : undefined
    },
    says: (minutes, view) =>
      `Your ${sayDuration(minutes)} of sleep lay within the recommended ${sleepBand(view).low}–${sleepBand(view).high} h.`,
    evidence: (minutes, view) => [fact(view, 'total_sleep_time', minutes, 'min'), ...sleepBand(view).evidence],
  }),
  rule({
    name: 'short_nights_running',
    kind: 'insight',
    section: 'sleep',
    topic: 'sleep of the last nights',
    condition:
      'this night and at least two before it, without a gap, were shorter than recommended; told on the 3rd, 5th, 7th, 14th, 21st and 28th',
    source: `${hirshkowitz}; the number of nights is our choice`,
    weight: 70,
    polarity: 'bad',
    when: (view) => {
      const least = 60 * sleepBand(view).low
      const nights = run(view, ({ sleep }) => sleep !== undefined && sleep.asleepMinutes < least)
      return [3, 5, 7, 14, 21, 28].includes(nights) ? nights : undefined
    },
    says: (nights, view) => `This was night ${nights} in a row with less than ${sleepBand(view).low} h of sleep.`,
    evidence: (nights, view) => [fact(view, 'short_nights_running', nights, '{nights}', weekWindow(view)), ...sleepBand(view).evidence],
  }),
  rule({
    name: 'sleep_caught_up',
    kind: 'insight',
    section: 'sleep',
    topic: 'sleep of the last nights',
    condition: 'both nights before were shorter than recommended, and this one is at least 60 min longer than the longer of them',
    usefulChange: '60 min',
    source: `${hirshkowitz}; the 60 min are our choice`,
    weight: 55,
    polarity: 'good',
    when: (view) => {
      const [before, earlier] = [1, 2].map((nights) => view.week.at(-1 - nights)?.sleep?.asleepMinutes ?? Number.NaN)
      const longer = Math.max(before ?? Number.NaN, earlier ?? Number.NaN)
      const own = view.day.sleep?.asleepMinutes ?? Number.NaN
      const isRun = view.week.length >= 3 && isConsecutive(view)
      return isRun && longer < 60 * sleepBand(view).low && own - longer >= 60 ? Math.round(own) - Math.round(longer) : undefined
    },
    says: (more) => `After short nights you slept ${sayDuration(more)} longer than in either of the 2 nights before.`,
    evidence: (more, view) => [
      fact(view, 'sleep_longer_than_before', more, 'min'),
      fact(view, 'nights_before', 2, '{nights}', weekWindow(view)),
    ],
  }),
  rule({
    name: 'longest_night',
    kind: 'achievement',
    section: 'sleep',
    topic: 'sleep against the longest',
    condition: 'longer than each of the 28 nights before by at least 15 min, at least 14 known, and not longer than recommended',
    usefulChange: '15 min',
    source: 'the person’s own nights; the numbers are our choice',
    weight: 30,
    polarity: 'good',
    when: (view) => {
      const baseline = view.baselines.ready.get('totalSleep')
      const own = Math.round(view.day.sleep?.asleepMinutes ?? Number.NaN)
      if (baseline === undefined || baseline.n < 14 || own > 60 * sleepBand(view).high) return undefined
      const best = Math.round(Math.max(0, ...view.past.map(({ sleep }) => sleep?.asleepMinutes ?? 0)))
      if (!(own >= best + 15)) return undefined
      return { own, best, n: baseline.n, window: baseline.window }
    },
    says: ({ own, best, n }) => `Longest night of the last ${n}: ${sayDuration(own)}, up from ${sayDuration(best)}.`,
    evidence: ({ own, best, n, window }, view) => [
      fact(view, 'total_sleep_time', own, 'min'),
      fact(view, 'total_sleep_time_best_before', best, 'min', window),
      fact(view, 'nights_with_sleep', n, '{nights}', window),
    ],
  }),
]

function isConsecutive({ week }: View): boolean {
  const [earlier, before, own] = week.slice(-3).map(({ date }) => dayNumber(date))
  return own === (before ?? 0) + 1 && before === (earlier ?? 0) + 1
}
