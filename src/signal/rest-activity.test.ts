import { expect, test } from 'vitest'
import { cosinor, cosinorPeak, logCounts } from './cosinor.ts'
import { interdailyStability, intradailyVariability, leastActive, meanDay, mostActive, relativeAmplitude } from './rest-activity.ts'
import { sleepRegularity } from './sleep-regularity.ts'

/** GGIR's test_cosinor.R: 1000 · (sin 2πt + 1) for seven days, a value a minute. */
const sine = Float64Array.from({ length: 7 * 1440 }, (_, minute) => 1000 * (Math.sin((2 * Math.PI * minute) / 1440) + 1))

function hourly(perMinute: Float64Array): Float64Array {
  return Float64Array.from({ length: perMinute.length / 60 }, (_, hour) => {
    const own = perMinute.subarray(60 * hour, 60 * hour + 60)
    return own.reduce((sum, value) => sum + value, 0) / 60
  })
}

test('GGIR’s sine has the mesor, amplitude and acrophase that GGIR expects', () => {
  const { mesor, amplitude, peak } = cosinor(logCounts(sine), 1440)
  expect(mesor).toBeCloseTo(6.259, 3)
  expect(amplitude).toBeCloseTo(1.913, 3)
  // π/2 of the day is 06:00.
  expect(peak).toBeCloseTo(0.25, 6)
})

test('a cosine is found again though hours of it are missing', () => {
  const values = Float64Array.from({ length: 96 }, (_, i) => (i % 24 < 5 ? Number.NaN : 10 + 3 * Math.cos(2 * Math.PI * (i / 24 - 0.6))))
  const { mesor, amplitude, peak, explained } = cosinor(values, 24)
  expect(cosinorPeak(values, 24)).toBe(peak)
  expect([mesor, amplitude, peak, explained].map((each) => each.toFixed(9))).toEqual([
    '10.000000000',
    '3.000000000',
    '0.600000000',
    '1.000000000',
  ])
  expect(cosinor(Float64Array.of(1, 2), 24).mesor).toBeNaN()
  expect(cosinorPeak(Float64Array.of(1, 2), 24)).toBeNaN()
})

test('GGIR’s sine has the stability and variability that GGIR expects', () => {
  expect(interdailyStability(hourly(sine), 24)).toBeCloseTo(1, 9)
  expect(intradailyVariability(hourly(sine))).toBeCloseTo(0.0677, 4)
})

test('days that are alike are stable, days that only differ are not', () => {
  const constantDays = Float64Array.from({ length: 8 * 24 }, (_, hour) => Math.floor(hour / 24))
  expect(interdailyStability(constantDays, 24)).toBeCloseTo(0, 12)
  // Seven steps of 1 in 191 differences, and a variance of 5.25: GGIR rounds it to 0.
  expect(intradailyVariability(constantDays)).toBeCloseTo(7 / 191 / 5.25, 12)
  const alike = Float64Array.from({ length: 96 }, (_, hour) => [0, 0, 5, 9][hour % 4] ?? 0)
  expect(interdailyStability(alike, 24)).toBeCloseTo(1, 12)
  expect(interdailyStability(new Float64Array(48).fill(3), 24)).toBeNaN()
})

test('gaps neither add to nor take from stability', () => {
  const gappy = Float64Array.from({ length: 96 }, (_, hour) => (hour >= 30 && hour < 40 ? Number.NaN : hour % 24))
  expect(interdailyStability(gappy, 24)).toBeCloseTo(1, 12)
  expect(intradailyVariability(Float64Array.of(0, Number.NaN, 1, 0))).toBeCloseTo(3 / (2 / 3), 12)
})

test('noise has a stability of one in the number of days and a variability of two', () => {
  // A linear congruential series: fixed, and without memory for this purpose.
  let state = 1
  const noise = Float64Array.from({ length: 50 * 24 }, () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  })
  expect(interdailyStability(noise, 24)).toBeCloseTo(1 / 50, 1)
  expect(Math.abs(intradailyVariability(noise) - 2)).toBeLessThan(0.1)
})

test('the quietest and the busiest five hours lie where GGIR’s day has them', () => {
  // test_MXLX.R, minutes counted from 1: 2 in 61–360, 0 in 721–1020, 1.5 in 1081–1380, else 1.
  const day = Float64Array.from({ length: 1440 }, (_, at) => {
    const minute = at + 1
    if (minute >= 61 && minute <= 360) return 2
    if (minute >= 721 && minute <= 1020) return 0
    return minute >= 1081 && minute <= 1380 ? 1.5 : 1
  })
  expect(leastActive(day, 300)).toEqual({ mean: 0, from: 720 })
  expect(mostActive(day, 300)).toEqual({ mean: 2, from: 60 })
})

test('a stretch may run over midnight, and pyActigraphy’s square has an amplitude of one', () => {
  const hours = Float64Array.from({ length: 24 }, (_, hour) => (hour < 3 || hour >= 22 ? 0 : 1))
  expect(leastActive(hours, 5)).toEqual({ mean: 0, from: 22 })
  expect(relativeAmplitude(mostActive(hours, 10).mean, leastActive(hours, 5).mean)).toBe(1)
  const square = Float64Array.from({ length: 48 }, (_, hour) => (hour % 24 < 12 ? -100 : 100))
  expect(leastActive(meanDay(square, 24), 5).mean).toBe(-100)
  expect(mostActive(meanDay(square, 24), 10).mean).toBe(100)
})

test('sleep regularity is that of GGIR’s patterns', () => {
  const asleep = (spans: [number, number][]) =>
    Float64Array.from(spans.flatMap(([from, to]) => Array.from({ length: 100 }, (_, percent) => (percent >= from && percent < to ? 1 : 0))))
  const days: [number, number][] = [
    [40, 80],
    [50, 80],
    [50, 90],
    [40, 90],
    [40, 80],
    [50, 80],
  ]
  for (let day = 0; day < 5; day++) expect(sleepRegularity(asleep(days.slice(day, day + 2)), 100)).toEqual({ index: 80, pairs: 100 })
  expect(sleepRegularity(asleep(days), 100).index).toBeCloseTo(80, 12)
  expect(sleepRegularity(new Float64Array(300).fill(1), 100).index).toBe(100)
  expect(
    sleepRegularity(
      Float64Array.from({ length: 300 }, (_, i) => Math.floor(i / 100) % 2),
      100,
    ).index,
  ).toBe(-100)
})

test('unknown time is in no pair', () => {
  expect(sleepRegularity(Float64Array.of(1, 0, Number.NaN, 0, 1, 1), 2)).toEqual({ index: 0, pairs: 2 })
  expect(sleepRegularity(Float64Array.of(1, 0), 2).index).toBeNaN()
})
