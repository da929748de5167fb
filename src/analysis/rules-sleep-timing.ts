import { shiftDate } from './baseline.ts'
import { clockText } from './circadian.ts'
import { clockDifference } from './clock.ts'
import { goals } from './goals.ts'
import { type Rule, rule } from './rule.ts'
import { fact, type View } from './view.ts'
import { isWeekly, weekday } from './weeks.ts'
import { sayDuration } from './wording.ts'

const windred = 'quartiles of 60,977 people: Windred 2024, Sleep 47:zsad253'
/** Of debt over 14 nights. */
const manyMinutes = 300

/** Sentences about when people sleep over weeks, and how much of it is missing. */
export const sleepTimingRules: readonly Rule[] = [
  rule({
    name: 'regular_sleep',
    kind: 'insight',
    section: 'circadian',
    topic: 'regularity of sleep',
    condition: 'sleep regularity index of 14 dates of at least 86.3; on Sundays',
    source: `${windred}; saying it once a week is our choice`,
    weight: 26,
    polarity: 'good',
    when: (view) => (isWeekly(view) && (view.rhythm.regularity ?? 0) >= goals.regularity.high ? view.rhythm.regularity : undefined),
    says: (index) => `Your sleep is very regular: index ${Math.round(index)} of 100 over the last 14 days.`,
    evidence: (index, view) => [regularity(view, index), fact(view, 'sleep_regularity_best', 100, '{index}', '14d')],
  }),
  rule({
    name: 'irregular_sleep',
    kind: 'insight',
    section: 'circadian',
    topic: 'regularity of sleep',
    condition: 'sleep regularity index of 14 dates below 73.8; on Sundays',
    source: `${windred}; saying it once a week is our choice`,
    weight: 41,
    polarity: 'bad',
    when: (view) => (isWeekly(view) && (view.rhythm.regularity ?? Infinity) < goals.regularity.low ? view.rhythm.regularity : undefined),
    says: (index) => `Your sleep was rather irregular: index ${Math.round(index)} of 100 over the last 14 days.`,
    evidence: (index, view) => [regularity(view, index), fact(view, 'sleep_regularity_best', 100, '{index}', '14d')],
  }),
  rule({
    name: 'social_jetlag',
    kind: 'insight',
    section: 'circadian',
    topic: 'sleep on weekends',
    condition: 'mid-sleep of weekends at least 60 min later or earlier than of other nights over 28 dates; on Sundays',
    usefulChange: '60 min',
    source: 'Wittmann 2006, Chronobiol Int 23:497; Roenneberg 2012, Curr Biol 22:939 (from 1 h on)',
    weight: 43,
    polarity: 'bad',
    when: (view) =>
      isWeekly(view) && Math.abs(view.rhythm.socialJetlag ?? 0) >= 60 ? Math.round(view.rhythm.socialJetlag ?? 0) : undefined,
    says: (minutes) =>
      `On weekends the middle of your sleep lies ${sayDuration(Math.abs(minutes))} ${minutes > 0 ? 'later' : 'earlier'} than on other days.`,
    evidence: (minutes, view) => [fact(view, 'social_jetlag', Math.abs(minutes), 'min', month(view))],
  }),
  rule({
    name: 'steady_weekends',
    kind: 'insight',
    section: 'circadian',
    topic: 'sleep on weekends',
    condition: 'mid-sleep of weekends at most 20 min from that of other nights over 28 dates; on Sundays',
    source: 'Wittmann 2006, Chronobiol Int 23:497; the 20 min are our choice',
    weight: 21,
    polarity: 'good',
    when: (view) => {
      const shift = view.rhythm.socialJetlag
      return isWeekly(view) && shift !== undefined && Math.abs(shift) <= 20 ? Math.abs(Math.round(shift)) : undefined
    },
    says: (minutes) => `Weekends hardly move your sleep: its middle lies within ${sayDuration(minutes)} of that on other days.`,
    evidence: (minutes, view) => [fact(view, 'social_jetlag', minutes, 'min', month(view))],
  }),
  rule({
    name: 'sleep_debt',
    kind: 'insight',
    section: 'circadian',
    topic: 'missing sleep',
    condition: 'at least 5 h missed over 14 nights against the person’s need; on Sundays and Wednesdays',
    source: 'Van Dongen 2003, Sleep 26:117; the 5 h are our choice',
    weight: 47,
    polarity: 'bad',
    when: (view) => {
      const found = debtOf(view)
      return found !== undefined && found.debt >= manyMinutes ? found : undefined
    },
    says: ({ debt, need }) =>
      `Over the last 14 nights ${sayDuration(debt)} of sleep are missing against a need of ${sayDuration(need)} a night.`,
    evidence: debtEvidence,
  }),
  rule({
    name: 'sleep_debt_paid',
    kind: 'insight',
    section: 'circadian',
    topic: 'missing sleep',
    condition: 'the debt of 14 nights fell by at least 2 h within a week, to less than 5 h; on Sundays and Wednesdays',
    usefulChange: '2 h',
    source: 'Van Dongen 2003, Sleep 26:117; the numbers are our choice',
    weight: 44,
    polarity: 'good',
    when: (view) => {
      const found = debtOf(view)
      const before = Math.round(view.rhythm.debtBefore ?? Number.NaN)
      return found !== undefined && before - found.debt >= 120 && found.debt < manyMinutes ? { ...found, before } : undefined
    },
    says: ({ debt, before }) =>
      `You are catching up on sleep: ${sayDuration(debt)} are missing over 14 nights, down from ${sayDuration(before)} a week ago.`,
    evidence: (found, view) => [
      ...debtEvidence(found, view),
      fact(view, 'sleep_debt_before', found.before, 'min', '14d'),
      fact(view, 'days_ago', 7, '{days}', '7d'),
    ],
  }),
  rule({
    name: 'sleep_moved',
    kind: 'insight',
    section: 'circadian',
    topic: 'timing of sleep',
    condition: 'mid-sleep of the last 7 dates at least 30 min from that of the 21 before; on Sundays',
    usefulChange: '30 min',
    source: 'Roenneberg 2003, J Biol Rhythms 18:80; the 30 min are our choice',
    weight: 36,
    polarity: 'neutral',
    when: (view) => {
      const { midSleep, midSleepBefore } = view.rhythm
      if (!isWeekly(view) || midSleep === undefined || midSleepBefore === undefined) return undefined
      const shift = clockDifference(Math.round(midSleep), Math.round(midSleepBefore))
      return Math.abs(shift) >= 30 ? { shift, midSleep: Math.round(midSleep) % 1440 } : undefined
    },
    says: ({ shift, midSleep }) =>
      `The middle of your sleep lay at ${clockText(midSleep)} this week, ${sayDuration(Math.abs(shift))} ${shift > 0 ? 'later' : 'earlier'} than in the 21 days before.`,
    evidence: ({ shift, midSleep }, view) => [
      fact(view, 'mid_sleep', midSleep, '{clock}', '7d'),
      fact(view, 'mid_sleep_shift', Math.abs(shift), 'min', '7d'),
      fact(view, 'days_before', 21, '{days}', month(view)),
    ],
  }),
]

function month({ day }: View): string {
  return `${shiftDate(day.date, -28)}/${day.date}`
}

function regularity(view: View, index: number) {
  return fact(view, 'sleep_regularity', Math.round(index), '{index}', `${shiftDate(view.day.date, -13)}/${view.day.date}`)
}

interface Debt {
  readonly debt: number
  readonly need: number
}

/** Told twice a week; whole minutes. */
function debtOf(view: View): Debt | undefined {
  const { debt, need } = view.rhythm
  const isDay = weekday(view) === 0 || weekday(view) === 3
  return isDay && debt !== undefined && need !== undefined ? { debt: Math.round(debt), need: Math.round(need) } : undefined
}

function debtEvidence({ debt, need }: Debt, view: View) {
  return [
    fact(view, 'sleep_debt', debt, 'min', `${shiftDate(view.day.date, -13)}/${view.day.date}`),
    fact(view, 'sleep_need', need, 'min', 'night'),
    fact(view, 'nights_looked_at', 14, '{nights}', '14d'),
  ]
}
