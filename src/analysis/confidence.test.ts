import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import { baselinesOf } from './baseline.ts'
import { confidenceOf } from './confidence.ts'

const date = '2024-02-10'

test('confidence is the published weighted mean of its parts', () => {
  // Worn 1296 of 1440 min: 0.9. A night of 400 asleep and 20 awake of 420: 1. Steps and three figures of the night with 14 of 28 days: 0.5. Model: 0.8.
  const make = (each: string) => aDay(each, { steps: 8000, sleep: { ...aNight(each, 400), confidence: 0.8 } })
  const day = make(date)
  const { confidence, parts } = confidenceOf(day, baselinesOf(day, daysBefore(date, 14, make)))
  expect(parts).toEqual({ wear: 0.9, night: 1, baseline: 0.5, model: 0.8 })
  // 0.35·0.9 + 0.3·1 + 0.15·0.5 + 0.2·0.8 = 0.85
  expect(confidence).toBe(0.85)
})

test('a method that does not say how sure it is leaves its part out, and the others weigh more', () => {
  const day = aDay(date, { sleep: aNight(date, 400) })
  const { confidence, parts } = confidenceOf(day, baselinesOf(day, []))
  expect(parts).toEqual({ wear: 0.9, night: 1, baseline: 0 })
  // (0.35·0.9 + 0.3·1) / 0.8 = 0.76875
  expect(confidence).toBe(0.77)
})

test('an empty day has no confidence', () => {
  const day = aDay(date, { coverage: { dayMinutes: 1440, wornMinutes: 0, metrics: {} } })
  expect(confidenceOf(day, baselinesOf(day, [])).confidence).toBe(0)
})
