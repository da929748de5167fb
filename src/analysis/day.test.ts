import { expect, test } from 'vitest'
import { at, dayInput, hour, minute, type Row, series, slept, source } from '../../test/fixtures/day-input.ts'
import { Day } from '../model/day.ts'
import type { Series } from '../model/series.ts'
import { analyseDay } from './day.ts'

const watch = source('watch')
const phone = source('phone')
const midnight = at('2024-01-20T00:00Z')

/** Two days as a watch and a phone write them, one block of each source and day; values from a linear congruential generator. */
function twoDays(): Series[] {
  let state = 7
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const rows = (dayStart: number, count: number, lengthMs: number, value: () => number): Row[] =>
    Array.from({ length: count }, (_, i): Row => {
      const start = dayStart + Math.floor((i * 24 * hour) / count)
      return [start, start + lengthMs, value()]
    })
  return [midnight - 24 * hour, midnight].flatMap((dayStart) => [
    series(
      'heart_rate',
      watch,
      rows(dayStart, 300, 0, () => 50 + Math.floor(60 * next())),
    ),
    series(
      'steps',
      watch,
      rows(dayStart, 200, 5 * minute, () => Math.floor(200 * next())),
    ),
    series(
      'steps',
      phone,
      rows(dayStart + 90_000, 150, 8 * minute, () => Math.floor(300 * next())),
    ),
    series(
      'active_energy',
      watch,
      rows(dayStart, 700, 2 * minute, () => 3 * next()),
    ),
    series(
      'basal_energy',
      watch,
      rows(dayStart, 96, 15 * minute, () => 17),
    ),
    series(
      'hrv_sdnn',
      watch,
      rows(dayStart, 12, minute, () => 30 + 40 * next()),
    ),
    series(
      'distance_walking_running',
      phone,
      rows(dayStart, 150, 8 * minute, () => 200 * next()),
    ),
  ])
}

const sleep = [
  slept(watch, 'light', '2024-01-19T23:00Z', '2024-01-20T05:00Z'),
  slept(watch, 'rem', '2024-01-20T05:00Z', '2024-01-20T07:00Z'),
]
const full = (all: Series[]) => analyseDay(dayInput('2024-01-20', 'UTC', { series: all, sleep, ageYears: 40 }))

test('a full day is a valid document', () => {
  const day = { ...full(twoDays()), revision: 1 }
  expect(Day.parse(day)).toEqual(day)
  expect(day).toMatchObject({ date: '2024-01-20', zone: 'UTC', algorithm: 'day', algorithmVersion: '1.1.0', inputHash: 'hash' })
  for (const field of ['steps', 'distanceMeters', 'caloriesBurned', 'sleep', 'heartRate.average', 'hrv'])
    expect(day.provenance).toHaveProperty([field])
})

test('an estimated night and an empty day are valid documents too', () => {
  for (const day of [analyseDay(dayInput('2024-01-20', 'UTC', { series: twoDays() })), analyseDay(dayInput('2024-01-20', 'UTC'))]) {
    expect(() => Day.parse({ ...day, revision: 1 })).not.toThrow()
  }
})

test('the order in which the sessions come does not matter', () => {
  expect(full(twoDays().toReversed())).toEqual(full(twoDays()))
})

test('every figure that is absent has a reason, and every figure that is there a source', () => {
  const figures = [
    'steps',
    'distanceMeters',
    'flightsClimbed',
    'activeEnergyKcal',
    'basalEnergyKcal',
    'caloriesBurned',
    'exerciseMinutes',
    'activeMinutes',
    'standHours',
    'sleep',
    'hrv',
    'respiratoryRate',
    'oxygenSaturation',
    'bodyWeightKg',
  ] as const
  for (const day of [full(twoDays()), analyseDay(dayInput('2024-01-20', 'UTC'))]) {
    for (const field of figures) {
      expect(day[field] !== undefined, field).toBe(day.provenance[field] !== undefined)
      expect(day[field] === undefined, field).toBe(day.reasons.some((reason) => reason.field === field))
    }
  }
})

test('a date that the person never lived is empty, not wrong', () => {
  // Over the date line: 19 January 23:30 in Pago Pago is 21 January 00:30 on Kiritimati.
  const zones = [
    { fromMs: 0, zone: 'Pacific/Pago_Pago' },
    { fromMs: at('2024-01-20T10:30Z'), zone: 'Pacific/Kiritimati' },
  ]
  const day = analyseDay({ ...dayInput('2024-01-20', 'UTC', { series: twoDays(), sleep }), zones })
  expect(day.coverage).toEqual({ dayMinutes: 0, wornMinutes: 0, metrics: {} })
  expect(day.steps).toBeUndefined()
  expect(day.sleep).toBeUndefined()
  expect(() => Day.parse({ ...day, revision: 1 })).not.toThrow()
})
