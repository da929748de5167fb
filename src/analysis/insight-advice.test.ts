import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import type { Day } from '../model/day.ts'
import { composeInsight, type InsightDraft } from './insight.ts'
import type { InsightInput } from './view.ts'

const date = '2024-01-20'

function compose(day: Day, history: readonly Day[] = [], more: Partial<InsightInput> = {}): InsightDraft['insight'] {
  return composeInsight({ day, history, generatedAt: '2024-01-21T06:00:00Z', processingTimeS: 0.1, ...more }).insight
}

function week(part: (at: number, date: string) => Partial<Day>): { readonly day: Day; readonly history: readonly Day[] } {
  return { day: aDay(date, part(0, date)), history: daysBefore(date, 6, (each, at) => aDay(each, part(at, each))) }
}

test('a step goal is met from its very number on', () => {
  expect(compose(aDay(date, { steps: 7999 })).narrative.achievements).toEqual([])
  expect(compose(aDay(date, { steps: 8000 })).narrative.achievements).toEqual(['Step goal met: 8,000 steps.'])
  expect(compose(aDay(date, { steps: 8750 })).narrative.achievements).toEqual(['Step goal met: 8,750 steps, 750 over the goal of 8,000.'])
  expect(compose(aDay(date, { steps: 8750 }), [], { goals: { dailySteps: 10_000 } }).narrative.achievements).toEqual([])
})

test('a personal best needs seven days to be better than, and to be better than all of them', () => {
  const history = (count: number) => daysBefore(date, count, (each, at) => aDay(each, { steps: 5000 + at }))
  const best = 'More steps than on any of the 7 days before: 5,100, up from 5,007.'
  expect(compose(aDay(date, { steps: 5100 }), history(7)).narrative.achievements).toEqual([best])
  expect(compose(aDay(date, { steps: 5100 }), history(6)).narrative.achievements).toEqual([])
  expect(compose(aDay(date, { steps: 5007 }), history(7)).narrative.achievements).toEqual([])
})

test('150 active minutes in 7 days are an achievement, 149 in a full week a reason to move more', () => {
  const reached = week((at) => ({ activeMinutes: at === 0 ? 30 : 20 }))
  expect(compose(reached.day, reached.history).narrative).toEqual({
    achievements: ['150 active minutes over the last 7 days; the World Health Organization recommends at least 150 a week.'],
    recommendations: [],
  })
  const missed = week((at) => ({ activeMinutes: at === 0 ? 29 : 20 }))
  expect(compose(missed.day, missed.history).narrative).toEqual({
    achievements: [],
    recommendations: [
      'Your last 7 days had 149 active minutes; the World Health Organization recommends 150 moderate or 75 vigorous ones a week. A brisk daily walk adds up.',
    ],
  })
})

test('a week with a day that nobody measured is not called quiet', () => {
  const { day, history } = week(() => ({ activeMinutes: 5 }))
  expect(compose(day, history.slice(1)).narrative.recommendations).toEqual([])
})

test('few steps are named where active minutes are unknown', () => {
  const { day, history } = week((at) => ({ steps: 3000 + at }))
  expect(compose(day, history).narrative.recommendations).toEqual([
    'Your median over 7 of the last 7 days was 3,003 steps; under 5,000 counts as little movement. A short walk more each day adds up.',
  ])
})

test('short nights are held against the recommended band of the age', () => {
  const { day, history } = week((_, each) => ({ sleep: aNight(each, 400) }))
  const advice = (ageYears?: number) => compose(day, history, ageYears === undefined ? {} : { ageYears }).narrative.recommendations
  expect(advice()).toEqual([
    'Your median over 7 of the last 7 nights was 6 h 40 min of sleep; 7–9 h are recommended. Going to bed a little earlier could help.',
  ])
  expect(advice(70)).toEqual([
    'Your median over 7 of the last 7 nights was 6 h 40 min of sleep; 7–8 h are recommended. Going to bed a little earlier could help.',
  ])
  expect(advice(17)).toEqual([])
})

test('seven hours a night are enough', () => {
  const { day, history } = week((_, each) => ({ sleep: aNight(each, 420) }))
  expect(compose(day, history).narrative.recommendations).toEqual([])
})

test('one short night has its own word where there is no week to judge', () => {
  const advice = (minutes: number) => compose(aDay(date, { sleep: aNight(date, minutes) })).narrative.recommendations
  expect(advice(359)).toEqual(['You slept 5 h 59 min; 7–9 h are recommended. If you can, go to bed a little earlier tonight.'])
  expect(advice(360)).toEqual([])
  expect(compose(aDay(date, { sleep: aNight(date, 359) }), [], { ageYears: 65 }).narrative.recommendations).toEqual([])
})

test('bedtimes within an hour are regular, and more than two hours apart irregular', () => {
  const bedtimes = (apart: number) => {
    const { day, history } = week((at, each) => ({ sleep: aNight(each, 450, { bedtime: 1420 + (at === 3 ? apart : 0) }) }))
    const { achievements, recommendations } = compose(day, history).narrative
    return { achievements, recommendations }
  }
  expect(bedtimes(60)).toEqual({
    achievements: ['Your bedtimes on 7 of the last 7 nights lay within 1 h 0 min of each other.'],
    recommendations: [],
  })
  expect(bedtimes(90)).toEqual({ achievements: [], recommendations: [] })
  expect(bedtimes(121)).toEqual({
    achievements: [],
    recommendations: ['Your bedtimes on 7 of the last 7 nights lay up to 2 h 1 min apart. A regular bedtime goes with better sleep.'],
  })
})

test('a resting heart rate that stays up is told on the second day, and only there', () => {
  const pulse = (values: readonly number[]) => {
    const days = daysBefore('2024-01-21', 21, (each, at) =>
      aDay(each, { heartRate: { resting: values[values.length - at] ?? 60, method: 'device' } }),
    )
    const day = days.find((each) => each.date === date)
    const { insights = [] } = day === undefined ? {} : (compose(day, days).data.heartRateAnalysis ?? {})
    return insights.some((text) => text.includes('two days running'))
  }
  expect(pulse([60, 64, 64])).toBe(true)
  expect(pulse([60, 63.9, 64])).toBe(false)
  expect(pulse([60, 64, 63.9])).toBe(false)
  expect(pulse([64, 64, 64])).toBe(false)
  expect(pulse([64, 60, 64])).toBe(false)
})
