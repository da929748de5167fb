import { expect, test } from 'vitest'
import { chronotype, meanMidSleep, midSleep, sleepDebt, socialJetlag, type TimedSleep } from './sleep-timing.ts'

function night(onsetMinute: number, spanMinutes: number, isFree = false): TimedSleep {
  return { onsetMinute, spanMinutes, asleepMinutes: spanMinutes, isFree }
}

test('mid-sleep lies halfway, and after midnight where half the night does', () => {
  expect(midSleep(night(23 * 60, 8 * 60))).toBe(3 * 60)
  expect(midSleep(night(20 * 60, 4 * 60))).toBe(22 * 60)
  // 23:40 and 00:20 lie around midnight, not around noon.
  expect(Math.round(meanMidSleep([night(22 * 60 + 40, 120), night(23 * 60 + 20, 120)])) % 1440).toBe(0)
  expect(meanMidSleep([])).toBeNaN()
})

/** Five work nights 23:00–06:00 and two free ones 00:30–09:30. */
const week = [...Array.from({ length: 5 }, () => night(23 * 60, 420)), night(30, 540, true), night(30, 540, true)]

test('social jetlag is the shift of mid-sleep to free days', () => {
  // 02:30 and 05:00.
  expect(socialJetlag(week)).toBeCloseTo(150, 9)
  expect(socialJetlag(week.filter(({ isFree }) => isFree))).toBeNaN()
})

test('the chronotype takes out half of what is slept in on free days', () => {
  // SDf 540, SDweek (5 · 420 + 2 · 540) ÷ 7 = 454.3: 05:00 less 42.9 min.
  expect(chronotype(week)).toBeCloseTo(300 - 42.857142857, 6)
  const shortFree = week.map((each) => (each.isFree ? night(30, 400, true) : each))
  expect(chronotype(shortFree)).toBeCloseTo(30 + 200, 9)
})

test('a debt adds what nights lack, and long nights pay nothing back', () => {
  expect(sleepDebt([480, 420, 600, 450], 480)).toBe(90)
  expect(sleepDebt([], 480)).toBe(0)
})
