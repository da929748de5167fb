import { clockText } from './circadian.ts'
import { clockDifference } from './clock.ts'
import { type Rule, rule } from './rule.ts'
import { fact, type View } from './view.ts'
import { isWeekly } from './weeks.ts'

/** Sentences about the rhythm of movement over weeks. */
export const rhythmRules: readonly Rule[] = [
  rule({
    name: 'steadier_days',
    kind: 'insight',
    section: 'circadian',
    topic: 'rhythm of movement',
    condition: 'interdaily stability of 14 dates at least 0.1 higher than of the 14 before; on Sundays',
    usefulChange: '0.1',
    source: 'Van Someren 1999, Chronobiol Int 16:505; the 0.1 is our choice',
    weight: 24,
    polarity: 'good',
    when: (view) => stabilityChange(view, 1),
    says: ({ now, before }) =>
      `Your days were more alike: stability of movement ${now.toFixed(2)} over 14 days, up from ${before.toFixed(2)} in the 14 days before.`,
    evidence: stabilityEvidence,
  }),
  rule({
    name: 'less_steady_days',
    kind: 'insight',
    section: 'circadian',
    topic: 'rhythm of movement',
    condition: 'interdaily stability of 14 dates at least 0.1 lower than of the 14 before; on Sundays',
    usefulChange: '0.1',
    source: 'Van Someren 1999, Chronobiol Int 16:505; the 0.1 is our choice',
    weight: 24,
    polarity: 'bad',
    when: (view) => stabilityChange(view, -1),
    says: ({ now, before }) =>
      `Your days were less alike: stability of movement ${now.toFixed(2)} over 14 days, down from ${before.toFixed(2)} in the 14 days before.`,
    evidence: stabilityEvidence,
  }),
  rule({
    name: 'busy_hours_moved',
    kind: 'insight',
    section: 'circadian',
    topic: 'busy hours',
    condition: 'the ten busiest hours of the mean day begin at least 2 h from where they began in the 14 dates before; on Sundays',
    usefulChange: '2 h',
    source: 'Witting 1990, Biol Psychiatry 27:563; the 2 h are our choice',
    weight: 20,
    polarity: 'neutral',
    when: (view) => {
      const now = view.rhythm.activity?.busyFrom
      const before = view.rhythm.activityBefore?.busyFrom
      if (!isWeekly(view) || now === undefined || before === undefined) return undefined
      return Math.abs(clockDifference(60 * now, 60 * before)) >= 120 ? { now, before } : undefined
    },
    says: ({ now, before }) =>
      `Your busiest 10 hours now begin at ${clockText(60 * now)}; in the 14 days before they began at ${clockText(60 * before)}.`,
    evidence: ({ now, before }, view) => [
      fact(view, 'busiest_hours_from', 60 * now, '{clock}', '14d'),
      fact(view, 'busiest_hours_from_before', 60 * before, '{clock}', '14d'),
      fact(view, 'busiest_hours', 10, 'h', '14d'),
      fact(view, 'days_before', 14, '{days}', '14d'),
    ],
  }),
]

function stabilityChange(view: View, side: -1 | 1): { readonly now: number; readonly before: number } | undefined {
  const now = view.rhythm.activity?.stability
  const before = view.rhythm.activityBefore?.stability
  if (!isWeekly(view) || now === undefined || before === undefined) return undefined
  return side * (now - before) >= 0.1 ? { now, before } : undefined
}

function stabilityEvidence({ now, before }: { readonly now: number; readonly before: number }, view: View) {
  const hundredths = (value: number) => Math.round(100 * value) / 100
  return [
    fact(view, 'interdaily_stability', hundredths(now), '{ratio}', '14d'),
    fact(view, 'interdaily_stability_before', hundredths(before), '{ratio}', '14d'),
    fact(view, 'days_looked_at', 14, '{days}', '14d'),
  ]
}
