import { readingsLike } from './day-trace.ts'
import { figures } from './figures.ts'
import { type Rule, rule } from './rule.ts'
import { type Variability, variability } from './variability.ts'
import { fact, type View, weekWindow } from './view.ts'
import { isWeekly, type WeekChange, weekChange } from './weeks.ts'

const plews = 'Plews 2013, Sports Med 43:773'

/** Sentences about the heart over weeks. */
export const heartRules: readonly Rule[] = [
  rule({
    name: 'resting_heart_rate_down',
    kind: 'insight',
    section: 'heart',
    topic: 'resting heart rate of the week',
    ...levelWords('below'),
    weight: 58,
    polarity: 'good',
    when: (view) => restingChange(view, -1),
    says: ({ now, before }) =>
      `Your resting heart rate came down by ${before - now} bpm: a median of ${now} bpm this week against ${before} bpm in the weeks before.`,
    evidence: restingEvidence,
  }),
  rule({
    name: 'resting_heart_rate_up',
    kind: 'insight',
    section: 'heart',
    topic: 'resting heart rate of the week',
    ...levelWords('above'),
    weight: 58,
    polarity: 'bad',
    when: (view) => restingChange(view, 1),
    says: ({ now, before }) =>
      `Your resting heart rate went up by ${now - before} bpm: a median of ${now} bpm this week against ${before} bpm in the weeks before.`,
    evidence: restingEvidence,
  }),
  rule({
    name: 'lowest_resting_heart_rate',
    kind: 'achievement',
    section: 'heart',
    topic: 'resting heart rate against the lowest',
    condition: 'at least 1 bpm below each of the 28 dates before that have it by the same method, at least 14 known',
    usefulChange: '1 bpm',
    source: 'the person’s own days; the numbers are our choice',
    weight: 40,
    polarity: 'good',
    when: (view) => {
      const baseline = view.baselines.ready.get('restingHeartRate')
      if (baseline === undefined || baseline.n < 14) return undefined
      const own = Math.round(figures.restingHeartRate.read(view.day) ?? Number.NaN)
      const least = Math.round(Math.min(...readingsLike(view.day, 'restingHeartRate', view.past)))
      return own <= least - 1 ? { own, least, n: baseline.n, window: baseline.window } : undefined
    },
    says: ({ own, least, n }) => `Lowest resting heart rate of the last ${n} days: ${own} bpm, down from ${least} bpm.`,
    evidence: ({ own, least, n, window }, view) => [
      fact(view, 'resting_heart_rate', own, '/min'),
      fact(view, 'resting_heart_rate_lowest_before', least, '/min', window),
      fact(view, 'days_with_resting_heart_rate', n, '{days}', window),
    ],
  }),
  rule({
    name: 'hrv_week_up',
    kind: 'insight',
    section: 'heart',
    topic: 'heart rate variability of the week',
    ...variabilityWords('above'),
    weight: 57,
    polarity: 'good',
    when: (view) => variabilityChange(view, 1),
    says: ({ now, before, name }) =>
      `Your heart rate variability (${name}) rose: a median of ${now} ms this week against ${before} ms in the weeks before.`,
    evidence: variabilityEvidence,
  }),
  rule({
    name: 'hrv_week_down',
    kind: 'insight',
    section: 'heart',
    topic: 'heart rate variability of the week',
    ...variabilityWords('below'),
    weight: 57,
    polarity: 'bad',
    when: (view) => variabilityChange(view, -1),
    says: ({ now, before, name }) =>
      `Your heart rate variability (${name}) fell: a median of ${now} ms this week against ${before} ms in the weeks before.`,
    evidence: variabilityEvidence,
  }),
]

function levelWords(side: 'above' | 'below') {
  return {
    condition: `median of the last 7 dates at least 2 bpm ${side} that of the 21 before, by the same method; at least 5 and 10 known; on Sundays`,
    usefulChange: '2 bpm',
    source:
      'the person’s own weeks; weekly averages stay within 3 bpm for most people (Quer 2020, PLoS ONE 15:e0227709); the 2 bpm of medians are our choice',
  }
}

function variabilityWords(side: 'above' | 'below') {
  return {
    condition: `median of the last 7 nights at least 10 % ${side} that of the 21 before, of one kind, window and source; at least 5 and 10 known; on Sundays`,
    usefulChange: '10 %',
    source: `${plews} (weekly means); the 10 % are our choice`,
  }
}

function restingChange(view: View, side: -1 | 1): WeekChange | undefined {
  const change = isWeekly(view) ? weekChange(view, 'restingHeartRate') : undefined
  if (change === undefined) return undefined
  const rounded = { ...change, now: Math.round(change.now), before: Math.round(change.before) }
  return side * (rounded.now - rounded.before) >= 2 ? rounded : undefined
}

function restingEvidence({ now, before, windowBefore }: WeekChange, view: View) {
  return [
    fact(view, 'resting_heart_rate_median', now, '/min', weekWindow(view)),
    fact(view, 'resting_heart_rate_median_before', before, '/min', windowBefore),
    fact(view, 'resting_heart_rate_change', Math.abs(now - before), '/min', weekWindow(view)),
  ]
}

function variabilityChange(view: View, side: -1 | 1): (WeekChange & Variability) | undefined {
  const found = variability(view)
  const change = found === undefined || !isWeekly(view) ? undefined : weekChange(view, found.figure)
  if (found === undefined || change === undefined) return undefined
  const { usefulChange } = figures[found.figure]
  if (side * Math.log(change.now / change.before) < Math.log1p(usefulChange)) return undefined
  return { ...change, ...found, now: Math.round(change.now), before: Math.round(change.before) }
}

function variabilityEvidence({ now, before, metric, windowBefore }: WeekChange & Variability, view: View) {
  return [fact(view, `${metric}_median`, now, 'ms', weekWindow(view)), fact(view, `${metric}_median_before`, before, 'ms', windowBefore)]
}
