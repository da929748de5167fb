import { expect, test } from 'vitest'
import { at, dayInput, hour, minute, type Row, series, slept, source, steady } from '../../test/fixtures/day-input.ts'
import { algorithms } from '../model/algorithms.ts'
import { analyseDay } from './day.ts'
import type { DayInput } from './day-input.ts'

const watch = source('watch')
const midnight = at('2024-01-20T00:00Z')
const clock = (hours: number, minutes = 0) => midnight + hours * hour + minutes * minute
const dayOf = (parts: Partial<DayInput>, zone = 'UTC') => analyseDay(dayInput('2024-01-20', zone, parts))

function minutely(fromMs: number, count: number, each: number): Row[] {
  return Array.from({ length: count }, (_, i) => [fromMs + i * minute, fromMs + (i + 1) * minute, each])
}

/** Asleep until 07:00 and from 23:00; half an hour at 110 and ten minutes at 140 steps a minute at noon; 10 steps each minute from 15:00 to 17:00. */
const recorded: Partial<DayInput> = {
  series: [
    series('heart_rate', watch, steady(midnight, clock(24), 5 * minute, 70)),
    series('resting_heart_rate', watch, [[clock(7), clock(7), 60]]),
    series('steps', watch, [...minutely(clock(12), 30, 110), ...minutely(clock(12, 30), 10, 140), ...minutely(clock(15), 120, 10)]),
  ],
  sleep: [slept(watch, 'light', '2024-01-19T23:00Z', '2024-01-20T07:00Z'), slept(watch, 'light', '2024-01-20T23:00Z', '2024-01-21T07:00Z')],
}

test('intensity, sitting and the hours are those of the day made by hand', () => {
  const day = dayOf(recorded)
  expect(day).toMatchObject({ moderateMinutes: 30, vigorousMinutes: 10 })
  // 16 h awake less 40 min and 2 h on foot; unbroken 07:00–12:00, 12:40–15:00 and 17:00–23:00.
  expect(day.sedentary).toEqual({ minutes: 16 * 60 - 160, longestMinutes: 360, bouts: 3 })
  const hours = Array<number>(24).fill(0)
  hours[12] = 30 * 110 + 10 * 140
  hours[15] = 600
  hours[16] = 600
  expect(day.hourlySteps).toEqual(hours)
})

test('zones need an age and a resting heart rate, and say so', () => {
  const fast = {
    ...recorded,
    series: [...(recorded.series ?? []), series('heart_rate', source('strap'), steady(midnight, clock(24), minute, 70))],
  }
  const running = {
    ...recorded,
    series: [
      series('heart_rate', watch, [...steady(clock(8), clock(9), minute, 70), ...steady(clock(9), clock(9, 30), minute, 150)]),
      ...(recorded.series ?? []).slice(1),
    ],
  }
  // 40 years: highest 180, reserve 120 from 60 on, so 150 is in the third zone (144–156); of 180 it is 83 %, Edwards' fourth.
  // The last reading holds for ten minutes.
  const day = dayOf({ ...running, ageYears: 40 })
  expect(day.heartRateZones).toEqual({ minutes: [0, 0, 39, 0, 0], limits: [120, 132, 144, 156, 168] })
  expect(day.trainingLoad).toBe(4 * 39)
  expect(day.vigorousMinutes).toBe(40)
  expect(dayOf(fast).reasons).toContainEqual({ field: 'heartRateZones', code: 'no_date_of_birth', have: 0, need: 1 })
  const { reasons } = dayOf({ ageYears: 40, series: [series('heart_rate', watch, steady(clock(8), clock(8, 30), minute, 90))] })
  expect(reasons).toContainEqual({ field: 'trainingLoad', code: 'too_little_data', have: 39, need: 60 })
})

test('without a recorded night sitting is not told from lying', () => {
  const { sleep: _, ...unrecorded } = recorded
  const day = dayOf(unrecorded)
  expect(day.sedentary).toBeUndefined()
  expect(day.reasons).toContainEqual({ field: 'sedentary', code: 'sleep_not_recorded' })
})

test('a day hardly worn says nothing of sitting, and its hours are unknown', () => {
  const day = dayOf({
    ...recorded,
    series: [series('heart_rate', watch, steady(clock(8), clock(12), 5 * minute, 70)), series('steps', watch, minutely(clock(8), 60, 5))],
  })
  // Ten minutes before the first reading to ten after the last.
  expect(day.reasons).toContainEqual({ field: 'sedentary', code: 'too_little_data', have: 255, need: 600 })
  expect(day.hourlySteps?.map((steps) => steps !== null)).toEqual(Array.from({ length: 24 }, (_, at) => at >= 8 && at < 12))
})

test('hours follow the clock through the night in which it changes', () => {
  const from = at('2024-03-10T00:00-05:00')
  const day = analyseDay(
    dayInput('2024-03-10', 'America/New_York', {
      series: [
        series('heart_rate', watch, steady(from, from + 23 * hour, 5 * minute, 70)),
        series('steps', watch, [[at('2024-03-10T03:00-04:00'), at('2024-03-10T04:00-04:00'), 60]]),
      ],
    }),
  )
  expect(day.hourlySteps?.[2]).toBeNull()
  expect(day.hourlySteps?.[3]).toBe(60)
})

test('beats of the night are its variability where no device gives one', () => {
  const beats = new Float64Array(120).fill(clock(2))
  for (let i = 1; i < beats.length; i++) beats[i] = (beats[i - 1] ?? 0) + 1000 + 30 * Math.sin(1.7 * i)
  const day = dayOf({ ...recorded, beats: [{ source: watch, startMs: beats, bpm: new Float64Array(120).fill(60) }] })
  // Differences of a sine are a sine of amplitude 2 · 30 · sin 0.85, and its root mean square that over √2: 31.88.
  expect(day.hrv).toMatchObject({ kind: 'rmssd', window: 'night', samples: 1 })
  expect(Math.abs((day.hrv?.value ?? 0) - 31.88)).toBeLessThan(0.3)
  expect(day.provenance.hrv).toMatchObject({ method: 'night_beats', sources: [{ id: 'watch', samples: 120 }] })
  expect(day.reasons.map(({ field }) => field)).not.toContain('hrv')
  const few = dayOf({ ...recorded, beats: [{ source: watch, startMs: beats.slice(0, 20), bpm: new Float64Array(20) }] })
  expect(few.hrv).toBeUndefined()
})

test('every figure names its algorithm, and every algorithm named is in the table', () => {
  const { methods = {} } = dayOf({ ...recorded, ageYears: 40 })
  expect(methods).toMatchObject({ steps: 'segment_merge@1.0.0', sleep: 'main_sleep@1.0.0', sedentary: 'sedentary_bouts@1.0.0' })
  const known = algorithms.map(({ name, version }) => `${name}@${version}`)
  for (const method of Object.values(methods)) expect(known).toContain(method)
})
