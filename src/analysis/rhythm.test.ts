import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import type { Day } from '../model/day.ts'
import { StoredInsight } from '../model/insight.ts'
import { circadianFigures } from './circadian.ts'
import { composeInsight } from './insight.ts'
import { rhythmOf } from './rhythm.ts'

/** A Sunday. */
const date = '2024-01-21'
const isWeekend = (each: string) => [0, 6].includes(Temporal.PlainDate.from(each).dayOfWeek % 7)

/** 23:00–06:00 on work nights, 00:30–09:30 before weekends, without waking; 600 steps an hour from 8 to 18. */
function aPerson(part: (day: Day, at: number) => Partial<Day> = () => ({})): { readonly day: Day; readonly past: readonly Day[] } {
  const make = (each: string, at: number) => {
    const sleep = isWeekend(each)
      ? aNight(each, 540, { bedtime: 1470, awakeMinutes: 0 })
      : aNight(each, 420, { bedtime: 1380, awakeMinutes: 0 })
    const day = aDay(each, { sleep, hourlySteps: Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 600 : 0)) })
    return { ...day, ...part(day, at) }
  }
  return { day: make(date, 0), past: daysBefore(date, 28, make) }
}

test('the figures of weeks are those that a hand works out', () => {
  const { day, past } = aPerson()
  const { figures, methods } = circadianFigures(rhythmOf(day, past, 40))
  expect(figures).toMatchObject({
    // 02:30 and 05:00; MSFsc as in sleep-timing.test.ts: 05:00 less 42.9 min.
    socialJetlag: 150,
    chronotype: '04:17',
    // The need is the 9 h of free nights; ten nights of 14 lack 2 h.
    sleepNeed: 540,
    sleepDebt: 1200,
    interdailyStability: 1,
    relativeAmplitude: 1,
    busyFrom: '08:00',
  })
  expect(methods['/data/circadianAnalysis/sleepDebt']).toBe('sleep_debt@1.0.0')
})

test('regularity counts the minutes that differ from the day before', () => {
  const { day, past } = aPerson()
  // Of 14 dates that end on a Sunday: Mon–Fri, Sat, Sun, twice. From Fri to Sat and from Sun to Mon 90 min of evening and 210 of morning
  // differ: three turns of 300 minutes among 13 · 1,440.
  const { regularity = 0 } = rhythmOf(day, past, undefined)
  expect(regularity).toBeCloseTo(-100 + 200 * (1 - 900 / (13 * 1440)), 9)
})

test('mid-sleep is that of the last seven dates, and the weeks before stand beside it', () => {
  const { day, past } = aPerson((each, at) => ({ sleep: aNight(each.date, 420, { bedtime: at < 7 ? 1440 : 1380, awakeMinutes: 0 }) }))
  const { midSleep, midSleepBefore, need } = rhythmOf(day, past, undefined)
  expect([midSleep, midSleepBefore].map((minute) => Math.round(minute ?? 0))).toEqual([210, 150])
  // Free nights of 7 h lie at the low end of what is recommended.
  expect(need).toBe(420)
})

test('a person of whom little is known gets reasons, with what there is and what is needed', () => {
  const { day } = aPerson()
  const rhythm = rhythmOf(day, [], undefined)
  expect(circadianFigures(rhythm).figures).toEqual({})
  expect(rhythm.reasons).toEqual([
    { field: 'circadian.sleepRegularity', code: 'too_few_nights', have: 0, need: 7 },
    { field: 'circadian.midSleep', code: 'too_few_nights', have: 1, need: 5 },
    { field: 'circadian.socialJetlag', code: 'too_few_nights', have: 1, need: 3 },
    { field: 'circadian.sleepDebt', code: 'too_few_nights', have: 1, need: 10 },
    { field: 'circadian.interdailyStability', code: 'too_few_days', have: 1, need: 7 },
  ])
})

test('hours that nobody knows are gaps, and an hour never known makes no rhythm', () => {
  const night = aPerson((day) => ({ hourlySteps: (day.hourlySteps ?? []).map((steps, hour) => (hour === 3 ? null : steps)) }))
  expect(rhythmOf(night.day, night.past, undefined).activity).toBeUndefined()
  const sometimes = aPerson((day, at) => ({ hourlySteps: (day.hourlySteps ?? []).map((steps, hour) => (hour === at % 24 ? null : steps)) }))
  expect(rhythmOf(sometimes.day, sometimes.past, undefined).activity?.stability).toBeCloseTo(1, 9)
})

test('an insight holds the figures, names their algorithms, and is a valid document', () => {
  const { day, past } = aPerson()
  const { insight } = composeInsight({ day, history: past, generatedAt: '2024-01-22T06:00:00Z', processingTimeS: 0 })
  expect(insight.data.circadianAnalysis).toMatchObject({ sleepDebt: 1200, midSleep: expect.stringMatching(/^0\d:\d\d$/) })
  expect(insight.data.circadianAnalysis?.insights).toContain(
    'On weekends the middle of your sleep lies 2 h 30 min later than on other days.',
  )
  expect(insight.methods?.['/data/circadianAnalysis/sleepRegularity']).toBe('sleep_regularity@1.0.0')
  const whole = { ...insight, narrative: { summary: 'A short summary.', ...insight.narrative } }
  expect(StoredInsight.parse(whole)).toEqual(whole)
})
