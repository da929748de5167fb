import { expect, test } from 'vitest'
import { at, dayInput, hour, minute, type Row, series, source, steady } from '../../test/fixtures/day-input.ts'
import { analyseDay } from './day.ts'
import type { DayInput } from './day-input.ts'

const watch = source('watch')
const phone = source('phone')
const midnight = at('2024-01-20T00:00Z')
const clock = (hours: number, minutes = 0) => midnight + hours * hour + minutes * minute
const dayOf = (parts: Partial<DayInput>) => analyseDay(dayInput('2024-01-20', 'UTC', parts))

/** One sample a minute. */
function minutely(fromMs: number, count: number, each: number): Row[] {
  return Array.from({ length: count }, (_, i) => [fromMs + i * minute, fromMs + (i + 1) * minute, each])
}

test('phone and watch in turns make 14,079 steps, with each one’s share', () => {
  const day = dayOf({
    series: [
      series('steps', phone, [
        [clock(8), clock(10), 10_000],
        [clock(10), clock(11), 1900],
      ]),
      series('steps', watch, [
        [clock(10), clock(11), 2000],
        [clock(11), clock(12), 2079],
      ]),
    ],
  })
  expect(day.steps).toBe(14_079)
  expect(day.provenance.steps).toEqual({
    method: 'segment_merge',
    sources: [
      { id: 'watch', name: 'My watch', kind: 'watch', share: 0.2897, samples: 2 },
      { id: 'phone', name: 'My phone', kind: 'phone', share: 0.7103, samples: 1 },
    ],
  })
})

test('a day of phone steps alone has steps, and gives reasons for the rest', () => {
  const day = dayOf({ series: [series('steps', phone, [[clock(8), clock(9), 4000]])] })
  expect(day).toMatchObject({ steps: 4000, heartRate: {}, naps: [], workouts: [] })
  expect(day.coverage).toEqual({ dayMinutes: 1440, wornMinutes: 0, metrics: { steps: 60 } })
  for (const field of ['sleep', 'heartRate.resting', 'heartRate.average', 'hrv', 'caloriesBurned', 'distanceMeters', 'standHours']) {
    expect(
      day.reasons.map((reason) => reason.field),
      field,
    ).toContain(field)
  }
})

test('an empty day has no figure at all, and none is zero', () => {
  const day = dayOf({})
  expect(day.steps).toBeUndefined()
  expect(day.activeMinutes).toBeUndefined()
  expect(day.provenance).toEqual({})
})

test('steps over midnight are shared out and rounded once', () => {
  const crossing = series('steps', phone, [[clock(-1), clock(2), 100]])
  expect(dayOf({ series: [crossing] }).steps).toBe(67)
})

test('a clock change is counted: steps of a local day of 23 hours', () => {
  const spring = { fromMs: at('2024-03-31T00:00+01:00'), toMs: at('2024-04-01T00:00+02:00') }
  const every = series('steps', phone, [[spring.fromMs - hour, spring.toMs + hour, 2500]])
  expect(analyseDay(dayInput('2024-03-31', 'Europe/Berlin', { series: [every] })).steps).toBe(2300)
})

test('calories burned need half a day of basal energy, and workouts add nothing', () => {
  const active = series('active_energy', watch, [[clock(8), clock(9), 400]])
  const basal = (hours: number) => series('basal_energy', watch, [[clock(0), clock(hours), 70 * hours]])
  const workouts = [{ source: watch, type: 'running', startMs: clock(8), endMs: clock(9), energyKcal: 380 }]
  expect(dayOf({ series: [active, basal(20)], workouts })).toMatchObject({
    activeEnergyKcal: 400,
    basalEnergyKcal: 1400,
    caloriesBurned: 1800,
  })
  const short = dayOf({ series: [active, basal(11)] })
  expect(short.caloriesBurned).toBeUndefined()
  expect(short.reasons).toContainEqual({ field: 'caloriesBurned', code: 'too_little_basal_energy', have: 660, need: 720 })
})

test('active minutes are the device’s exercise minutes where it has them', () => {
  const day = dayOf({
    series: [series('exercise_minutes', watch, minutely(clock(8), 25, 1)), series('steps', watch, minutely(clock(8), 40, 120))],
  })
  expect(day).toMatchObject({ exerciseMinutes: 25, activeMinutes: 25 })
})

test('else minutes of at least 100 steps, or of 64 % of the highest heart rate', () => {
  const steps = series('steps', phone, [...minutely(clock(8), 30, 99), ...minutely(clock(9), 20, 100)])
  expect(dayOf({ series: [steps] })).toMatchObject({ activeMinutes: 20 })
  // At 40 the highest is 208 − 28 = 180 and 64 % of it 115.2.
  const pulse = series('heart_rate', watch, [
    ...steady(clock(10), clock(10, 10), minute, 115),
    ...steady(clock(10, 10), clock(10, 15), minute, 116),
  ])
  expect(dayOf({ series: [steps, pulse], ageYears: 40 })).toMatchObject({ activeMinutes: 25 })
})

test('stand hours count the hours stood', () => {
  const hours: Row[] = [9, 10, 11, 12].map((each) => [clock(each), clock(each + 1), each === 11 ? 0 : 1])
  expect(dayOf({ series: [series('stand_hours', watch, hours)] }).standHours).toBe(3)
})

test('a workout that two sources tell of is kept once, from the better one', () => {
  const run = (from: typeof watch, startMs: number, endMs: number) => ({ source: from, type: 'running', startMs, endMs })
  const day = dayOf({
    workouts: [run(source('app'), clock(8, 2), clock(9, 5)), run(watch, clock(8), clock(9)), run(source('app'), clock(18), clock(19))],
  })
  expect(day.workouts).toEqual([
    { type: 'running', startTime: '2024-01-20T08:00:00+00:00', endTime: '2024-01-20T09:00:00+00:00', durationMinutes: 60, source: 'watch' },
    { type: 'running', startTime: '2024-01-20T18:00:00+00:00', endTime: '2024-01-20T19:00:00+00:00', durationMinutes: 60, source: 'app' },
  ])
})

test('worn is heart rate or movement within ten minutes, of what is worn', () => {
  const day = dayOf({
    series: [
      series('heart_rate', watch, [[clock(8), clock(8), 60]]),
      series('steps', watch, [
        [clock(12), clock(12, 10), 30],
        [clock(15), clock(16), 0],
      ]),
    ],
  })
  // 07:50–08:10 and 11:50–12:20.
  expect(day.coverage.wornMinutes).toBe(20 + 30)
})

test('the device’s own words about the day stand beside ours', () => {
  const day = dayOf({
    summaries: [
      { source: watch, date: '2024-01-20', activeEnergyKcal: 512, exerciseMinutes: 30, standHours: 12 },
      { source: watch, date: '2024-01-19', standHours: 1 },
    ],
  })
  expect(day.deviceSummary).toEqual({ source: 'watch', activeEnergyKcal: 512, exerciseMinutes: 30, standHours: 12 })
  expect(day.activeEnergyKcal).toBeUndefined()
})

test('the latest weighing of the day is its weight', () => {
  const scale = source('scale')
  expect(
    dayOf({
      series: [
        series('body_weight', scale, [
          [clock(7), clock(7), 80.4],
          [clock(21), clock(21), 81.2],
        ]),
      ],
    }).bodyWeightKg,
  ).toBe(81.2)
})
