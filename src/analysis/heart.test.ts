import { expect, test } from 'vitest'
import { at, dayInput, hour, minute, type Row, series, slept, source, steady } from '../../test/fixtures/day-input.ts'
import type { Series } from '../model/series.ts'
import { analyseDay } from './day.ts'

const watch = source('watch')
const strap = source('strap')
const midnight = at('2024-01-20T00:00Z')
const clock = (hours: number, minutes = 0) => midnight + hours * hour + minutes * minute
const night = [
  slept(watch, 'light', '2024-01-19T23:00Z', '2024-01-20T03:00Z'),
  slept(watch, 'awake', '2024-01-20T03:00Z', '2024-01-20T04:00Z'),
  slept(watch, 'light', '2024-01-20T04:00Z', '2024-01-20T07:00Z'),
]

const dayOf = (all: Series[], sleep = night) => analyseDay(dayInput('2024-01-20', 'UTC', { series: all, sleep }))
const pulse = (rows: Row[], from = watch) => series('heart_rate', from, rows)

test('the average weighs samples by the time they hold, at most ten minutes', () => {
  // An hour at 60 every 10 min, then 150 every 5 s for 10 min, then a last sample of 90 that holds 10 min: (60·60 + 150·10 + 90·10) / 80.
  const rows = [
    ...steady(clock(9), clock(10), 10 * minute, 60),
    ...steady(clock(10), clock(10, 10), 5000, 150),
    [clock(10, 10), clock(10, 10), 90] as const,
  ]
  expect(dayOf([pulse(rows)], []).heartRate).toMatchObject({ average: 75, min: 60, max: 150 })
})

test('a few spot readings have extremes but no average', () => {
  const day = dayOf(
    [
      pulse([
        [clock(9), clock(9), 70],
        [clock(15), clock(15), 80],
      ]),
    ],
    [],
  )
  expect(day.heartRate).toEqual({ min: 70, max: 80 })
  expect(day.reasons).toContainEqual({ field: 'heartRate.average', code: 'too_little_data', have: 20, need: 60 })
  expect(day.reasons).toContainEqual({ field: 'heartRate.resting', code: 'too_little_data', have: 2, need: 4 })
})

test('a sample shortly before midnight holds into the day', () => {
  // 23:55 at 100 holds until 00:05, 5 min of it in the day; then 60 until 01:05, 60 min: (100·5 + 60·60) / 65 = 63.08.
  const rows: Row[] = [
    [clock(0, -5), clock(0, -5), 100],
    ...steady(clock(0, 5), clock(0, 55), 10 * minute, 60),
    [clock(0, 55), clock(0, 55), 60],
  ]
  expect(dayOf([pulse(rows)], []).heartRate.average).toBe(63.1)
})

test('an isolated spike is left out of the extremes', () => {
  const rows: Row[] = [
    ...steady(clock(9), clock(11), minute, 60),
    [clock(11), clock(11), 61],
    [clock(11) + 5000, clock(11) + 5000, 190],
    [clock(11) + 10_000, clock(11) + 10_000, 62],
  ]
  expect(dayOf([pulse(rows)], []).heartRate.max).toBe(62)
})

test('the device’s resting heart rate comes first, the latest of the day', () => {
  const resting = series('resting_heart_rate', watch, [
    [clock(0), clock(12), 57],
    [clock(6), clock(20), 55],
  ])
  expect(dayOf([pulse(steady(clock(0), clock(24), 5 * minute, 70)), resting]).heartRate).toMatchObject({ resting: 55, method: 'device' })
})

test('else the lowest five minutes asleep, not the lower ones by day', () => {
  const rows: Row[] = [
    ...steady(clock(-1), clock(2), minute, 54),
    ...steady(clock(2), clock(2, 5), minute, 48),
    ...steady(clock(2, 5), clock(7), minute, 54),
    ...steady(clock(7), clock(20), minute, 45),
  ]
  expect(dayOf([pulse(rows)]).heartRate).toMatchObject({ resting: 48, method: 'lowest_5min_asleep' })
})

test('five minutes with a step in them or in the four minutes before are not rest', () => {
  const rows: Row[] = [
    ...steady(clock(10), clock(10, 30), minute, 60),
    ...steady(clock(10, 30), clock(10, 35), minute, 50),
    ...steady(clock(10, 35), clock(11), minute, 60),
  ]
  const step = (fromMinute: number) => series('steps', watch, [[clock(10, fromMinute), clock(10, fromMinute + 1), 5]])
  expect(dayOf([pulse(rows)], []).heartRate).toMatchObject({ resting: 50, method: 'lowest_5min_day' })
  expect(dayOf([pulse(rows), step(26)], []).heartRate.resting).toBe(60)
  expect(dayOf([pulse(rows), step(25)], []).heartRate.resting).toBe(50)
  expect(dayOf([pulse(rows), step(34)], []).heartRate.resting).toBe(60)
})

test('a strap worn for the run does not speak for the day of the watch, and a watch of ten minutes not for the strap’s', () => {
  const all = steady(clock(0), clock(20), 5 * minute, 62)
  const short = steady(clock(9), clock(9, 30), minute, 140)
  expect(dayOf([pulse(all), pulse(short, strap)], []).heartRate.max).toBe(62)
  expect(dayOf([pulse(short), pulse(all, strap)], []).heartRate.max).toBe(62)
})

test('three SDNN values asleep are the night’s variability, those awake at night do not count', () => {
  const hrv = (...times: number[]) =>
    series(
      'hrv_sdnn',
      watch,
      times.map((time, i) => [time, time + minute, 40 + 10 * i]),
    )
  expect(dayOf([hrv(clock(0), clock(1), clock(2), clock(3, 30), clock(12))]).hrv).toEqual({
    value: 50,
    kind: 'sdnn',
    window: 'night',
    samples: 3,
  })
  const spot = dayOf([hrv(clock(0), clock(1), clock(12))])
  expect(spot.hrv).toEqual({ value: 50, kind: 'sdnn', window: 'spot', samples: 3 })
  expect(spot.reasons).toContainEqual({ field: 'hrv.window', code: 'too_little_night_data', have: 2, need: 3 })
})

test('RMSSD keeps its own kind, one nightly value is enough', () => {
  const nightly = series('hrv_rmssd', source('ring'), [[clock(-1), clock(7), 35]])
  expect(dayOf([nightly]).hrv).toEqual({ value: 35, kind: 'rmssd', window: 'night', samples: 1 })
})

test('breathing and oxygen are means of the night only', () => {
  const breath = series('respiratory_rate', watch, [
    [clock(1), clock(1), 14],
    [clock(2), clock(2), 15],
    [clock(15), clock(15), 20],
  ])
  const oxygen = series('oxygen_saturation', watch, [[clock(15), clock(15), 97]])
  const day = dayOf([breath, oxygen])
  expect(day.respiratoryRate).toBe(14.5)
  expect(day.oxygenSaturation).toBeUndefined()
  expect(day.reasons).toContainEqual({ field: 'oxygenSaturation', code: 'no_night_data', have: 0, need: 1 })
})
