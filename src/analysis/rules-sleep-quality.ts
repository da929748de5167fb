import { sideOf } from './baseline.ts'
import { figures } from './figures.ts'
import { isMinor } from './recommendations.ts'
import { type Rule, rule } from './rule.ts'
import { fact, type View, weekWindow } from './view.ts'
import { isWeekly } from './weeks.ts'
import { sayDuration } from './wording.ts'

const ohayon = 'Ohayon 2017, Sleep Health 3:6'

/** Sentences about how well people sleep that are not one figure against its usual range. */
export const sleepQualityRules: readonly Rule[] = [
  rule({
    name: 'efficient_week',
    kind: 'achievement',
    section: 'sleep',
    topic: 'sleep efficiency of the week',
    condition: 'asleep for at least 85 % of the time in bed on each of at least 6 nights of 7 that have a time in bed; on Sundays',
    source: `${ohayon}; the week is our choice`,
    weight: 30,
    polarity: 'good',
    when: (view) => {
      const nights = efficiencies(view)
      return isWeekly(view) && nights.length >= 6 && Math.min(...nights) >= 0.85 ? nights.length : undefined
    },
    says: (nights) => `You were asleep for at least 85 % of your time in bed on ${nights} of the last 7 nights.`,
    evidence: efficiencyEvidence(85),
  }),
  rule({
    name: 'inefficient_week',
    kind: 'recommendation',
    section: 'sleep',
    topic: 'sleep efficiency of the week',
    condition: 'the night, and at least 3 of at least 6 nights of 7 that have a time in bed, under 75 %; not under 18 years',
    source: `${ohayon} (up to 74 % is no sign of good sleep); the 3 nights are our choice`,
    weight: 20,
    polarity: 'bad',
    when: (view) => {
      const low = efficiencies(view).filter((efficiency) => efficiency < 0.75)
      const own = view.day.sleep?.efficiencyBasis === 'time_in_bed' ? (view.day.sleep.efficiency ?? 1) : 1
      return !isMinor(view) && efficiencies(view).length >= 6 && low.length >= 3 && own < 0.75 ? low.length : undefined
    },
    says: (nights) =>
      `On ${nights} of the last 7 nights you were asleep for less than 75 % of your time in bed; going to bed only when sleepy can help.`,
    evidence: efficiencyEvidence(75),
  }),
  rule({
    name: 'quick_to_sleep',
    kind: 'insight',
    section: 'sleep',
    topic: 'sleep_latency of the day',
    condition: 'asleep within 30 min, where the usual is longer',
    source: ohayon,
    weight: 22,
    polarity: 'good',
    when: (view) => {
      const latency = view.day.sleep?.onsetLatencyMinutes
      const usual = view.baselines.ready.get('sleepLatency')
      return latency !== undefined && usual !== undefined && latency <= 30 && usual.median > 30 ? Math.round(latency) : undefined
    },
    says: (minutes) => `You fell asleep within ${sayDuration(minutes)}, inside the 30 min that go with good sleep.`,
    evidence: (minutes, view) => [fact(view, 'sleep_latency', minutes, 'min'), fact(view, 'sleep_latency_good_up_to', 30, 'min', 'night')],
  }),
  rule({
    name: 'deep_and_rem_up',
    kind: 'insight',
    section: 'sleep',
    topic: 'deep and REM sleep',
    condition: 'deep and REM sleep are both above their usual range',
    usefulChange: '20 min each',
    source: 'the person’s own median and MAD',
    weight: 42,
    polarity: 'good',
    when: (view) => bothStages(view, 1),
    says: ({ deep, rem }) => `Both deep sleep (${sayDuration(deep)}) and REM sleep (${sayDuration(rem)}) were above your usual range.`,
    evidence: ({ deep, rem }, view) => [fact(view, 'sleep_deep', deep, 'min'), fact(view, 'sleep_rem', rem, 'min')],
  }),
  rule({
    name: 'deep_and_rem_down',
    kind: 'insight',
    section: 'sleep',
    topic: 'deep and REM sleep',
    condition: 'deep and REM sleep are both below their usual range',
    usefulChange: '20 min each',
    source: 'the person’s own median and MAD',
    weight: 42,
    polarity: 'bad',
    when: (view) => bothStages(view, -1),
    says: ({ deep, rem }) => `Both deep sleep (${sayDuration(deep)}) and REM sleep (${sayDuration(rem)}) were below your usual range.`,
    evidence: ({ deep, rem }, view) => [fact(view, 'sleep_deep', deep, 'min'), fact(view, 'sleep_rem', rem, 'min')],
  }),
]

function bothStages(view: View, side: -1 | 1): { readonly deep: number; readonly rem: number } | undefined {
  const stages = view.day.sleep?.stagesMinutes
  const deep = view.baselines.ready.get('deepSleep')
  const rem = view.baselines.ready.get('remSleep')
  if (stages === undefined || deep === undefined || rem === undefined) return undefined
  const isBoth = sideOf(figures.deepSleep, stages.deep, deep) === side && sideOf(figures.remSleep, stages.rem, rem) === side
  return isBoth ? { deep: Math.round(stages.deep), rem: Math.round(stages.rem) } : undefined
}

function efficiencies({ week }: View): number[] {
  return week.flatMap(({ sleep }) => (sleep?.efficiencyBasis === 'time_in_bed' ? (sleep.efficiency ?? []) : []))
}

function efficiencyEvidence(limit: number) {
  return (nights: number, view: View) => [
    fact(view, 'sleep_efficiency_limit', limit, '%', '7d'),
    fact(view, 'nights_with_efficiency', nights, '{nights}', weekWindow(view)),
    fact(view, 'nights_looked_at', 7, '{nights}', weekWindow(view)),
  ]
}
