import { expect, test } from 'vitest'
import { dayInput, slept, source } from '../../test/fixtures/day-input.ts'
import type { SleepInterval } from '../model/series.ts'
import { analyseDay } from './day.ts'

const watch = source('watch')
const phone = source('phone')
const ring = source('ring')
const berlin = 'Europe/Berlin'

const dayOf = (date: string, sleep: readonly SleepInterval[], zone = berlin) => analyseDay(dayInput(date, zone, { sleep }))

/** 23:00–07:00 on the clock: light, 30 min deep, 2.5 h rem (over the hour of a clock change), 10 min awake, 170 min light. */
function nightOf(from: typeof watch, before: string, on: string, evening: string, morning: string): SleepInterval[] {
  return [
    slept(from, 'light', `${before}T23:00${evening}`, `${on}T01:00${evening}`),
    slept(from, 'deep', `${on}T01:00${evening}`, `${on}T01:30${evening}`),
    slept(from, 'rem', `${on}T01:30${evening}`, `${on}T04:00${morning}`),
    slept(from, 'awake', `${on}T04:00${morning}`, `${on}T04:10${morning}`),
    slept(from, 'light', `${on}T04:10${morning}`, `${on}T07:00${morning}`),
  ]
}

test('an ordinary night has the stages of its hypnogram, and belongs to the day it ends on', () => {
  const sleep = nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00')
  const night = dayOf('2024-01-20', sleep).sleep
  expect(night).toMatchObject({
    onset: '2024-01-19T23:00:00+01:00',
    wake: '2024-01-20T07:00:00+01:00',
    bedtimeDate: '2024-01-19',
    asleepMinutes: 470,
    awakeMinutes: 10,
    awakenings: 1,
    stagesMinutes: { light: 290, deep: 30, rem: 150, unspecified: 0 },
    efficiency: 0.9792,
    efficiencyBasis: 'maintenance',
    method: 'device_stages',
    source: 'watch',
  })
  expect(night?.spans).toHaveLength(5)
  expect(dayOf('2024-01-19', sleep).sleep).toBeUndefined()
  expect(dayOf('2024-01-21', sleep).sleep).toBeUndefined()
})

test('eight hours on the clock are seven in the spring night and nine in the autumn one', () => {
  const spring = dayOf('2024-03-31', nightOf(watch, '2024-03-30', '2024-03-31', '+01:00', '+02:00'))
  expect(spring.sleep).toMatchObject({ wake: '2024-03-31T07:00:00+02:00', asleepMinutes: 410, awakeMinutes: 10 })
  expect(spring.coverage.dayMinutes).toBe(1380)
  expect(spring.flags).toContain('short_day')
  const autumn = dayOf('2024-10-27', nightOf(watch, '2024-10-26', '2024-10-27', '+02:00', '+01:00'))
  expect(autumn.sleep).toMatchObject({ onset: '2024-10-26T23:00:00+02:00', asleepMinutes: 530, awakeMinutes: 10 })
  expect(autumn.coverage.dayMinutes).toBe(1500)
})

test('a wrapper inside staged time adds nothing; outside it is sleep without a stage', () => {
  const night = dayOf('2024-01-20', [
    slept(watch, 'asleep_unspecified', '2024-01-19T22:50+01:00', '2024-01-20T07:00+01:00'),
    ...nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00'),
  ]).sleep
  expect(night).toMatchObject({ asleepMinutes: 480, awakeMinutes: 10, stagesMinutes: { light: 290, deep: 30, rem: 150, unspecified: 10 } })
})

test('time in bed gives latency and efficiency, from the phone where the watch does not say it', () => {
  const day = dayOf('2024-01-20', [
    slept(phone, 'in_bed', '2024-01-19T22:30+01:00', '2024-01-20T07:10+01:00'),
    ...nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00'),
  ])
  // 22:30–07:10 is 520 min; 470 / 520.
  expect(day.sleep).toMatchObject({ inBedMinutes: 520, onsetLatencyMinutes: 30, efficiency: 0.9038, efficiencyBasis: 'time_in_bed' })
  expect(day.provenance['sleep.inBedMinutes']?.sources[0]?.id).toBe('phone')
})

test('time in bed alone is no sleep and says so', () => {
  const day = dayOf('2024-01-20', [slept(phone, 'in_bed', '2024-01-19T23:00+01:00', '2024-01-20T07:00+01:00')])
  expect(day.sleep).toBeUndefined()
  expect(day.reasons).toContainEqual({ field: 'sleep', code: 'in_bed_only', have: 480 })
})

test('sleep without stages counts whole, and its pauses are waking', () => {
  const night = dayOf('2024-01-20', [
    slept(watch, 'asleep_unspecified', '2024-01-19T23:00+01:00', '2024-01-20T03:00+01:00'),
    slept(watch, 'asleep_unspecified', '2024-01-20T03:20+01:00', '2024-01-20T06:20+01:00'),
  ]).sleep
  expect(night).toMatchObject({ method: 'device_sleep', asleepMinutes: 420, awakeMinutes: 20, awakenings: 1 })
  expect(night).not.toHaveProperty('stagesMinutes')
})

test('overlapping stages of one source never exceed the clock, and waking wins', () => {
  const night = dayOf('2024-01-20', [
    slept(watch, 'light', '2024-01-20T00:00+01:00', '2024-01-20T06:00+01:00'),
    slept(watch, 'deep', '2024-01-20T01:00+01:00', '2024-01-20T02:00+01:00'),
    slept(watch, 'awake', '2024-01-20T01:30+01:00', '2024-01-20T01:45+01:00'),
  ]).sleep
  expect(night).toMatchObject({ asleepMinutes: 345, awakeMinutes: 15, stagesMinutes: { light: 300, deep: 45, rem: 0, unspecified: 0 } })
})

test('of two sources of one night the better-ranked tells it, the other is an alternative', () => {
  const day = dayOf('2024-01-20', [
    ...nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00'),
    slept(ring, 'light', '2024-01-19T22:40+01:00', '2024-01-20T07:20+01:00'),
  ])
  expect(day.sleep).toMatchObject({ source: 'watch', asleepMinutes: 470 })
  expect(day.provenance.sleep?.alternatives).toEqual([{ id: 'ring', name: 'My ring', value: 520, unit: 'min' }])
  expect(day.naps).toEqual([])
})

test('a watch that ran empty after two hours leaves the night to the ring', () => {
  const night = dayOf('2024-01-20', [
    slept(watch, 'light', '2024-01-19T23:00+01:00', '2024-01-20T01:00+01:00'),
    slept(ring, 'light', '2024-01-19T23:00+01:00', '2024-01-20T07:00+01:00'),
  ]).sleep
  expect(night).toMatchObject({ source: 'ring', asleepMinutes: 480 })
})

test('a nap stays a nap, and alone it is no main sleep', () => {
  const nap = slept(watch, 'light', '2024-01-20T14:00+01:00', '2024-01-20T14:40+01:00')
  const day = dayOf('2024-01-20', [...nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00'), nap])
  expect(day.sleep?.asleepMinutes).toBe(470)
  expect(day.naps).toEqual([{ onset: '2024-01-20T14:00:00+01:00', wake: '2024-01-20T14:40:00+01:00', asleepMinutes: 40, source: 'watch' }])
  const alone = dayOf('2024-01-20', [nap])
  expect(alone.sleep).toBeUndefined()
  expect(alone.naps).toHaveLength(1)
})

test('a night worker’s long sleep by day is the main sleep', () => {
  const day = dayOf('2024-01-20', [slept(watch, 'light', '2024-01-20T10:00+01:00', '2024-01-20T16:00+01:00')])
  expect(day.sleep).toMatchObject({ asleepMinutes: 360, bedtimeDate: '2024-01-20' })
})

test('an evening sleep that may go on is left to the next date', () => {
  const evening = slept(watch, 'light', '2024-01-20T22:30+01:00', '2024-01-20T23:50+01:00')
  const morning = slept(watch, 'light', '2024-01-21T00:05+01:00', '2024-01-21T06:00+01:00')
  expect(dayOf('2024-01-20', [evening])).toMatchObject({ naps: [] })
  expect(dayOf('2024-01-20', [evening]).sleep).toBeUndefined()
  expect(dayOf('2024-01-20', [evening, morning]).sleep).toBeUndefined()
  expect(dayOf('2024-01-21', [evening, morning]).sleep).toMatchObject({ bedtimeDate: '2024-01-20', asleepMinutes: 435 })
})

test('the night after a flight is told by the clocks of both places', () => {
  // From Berlin to New York: asleep on board from 22:00 Berlin time, awake at 01:00 New York time (07:00 in Berlin).
  const input = dayInput('2024-01-20', berlin, { sleep: [slept(watch, 'light', '2024-01-19T22:00+01:00', '2024-01-20T01:00-05:00')] })
  const day = analyseDay({
    ...input,
    zones: [
      { fromMs: 0, zone: berlin },
      { fromMs: Temporal.Instant.from('2024-01-20T00:30-05:00').epochMilliseconds, zone: 'America/New_York' },
    ],
  })
  expect(day.sleep).toMatchObject({ onset: '2024-01-19T22:00:00+01:00', wake: '2024-01-20T01:00:00-05:00', asleepMinutes: 540 })
})

test('the order of the intervals does not matter', () => {
  const sleep = [
    slept(watch, 'asleep_unspecified', '2024-01-19T22:50+01:00', '2024-01-20T07:00+01:00'),
    ...nightOf(watch, '2024-01-19', '2024-01-20', '+01:00', '+01:00'),
    slept(phone, 'in_bed', '2024-01-19T22:30+01:00', '2024-01-20T07:10+01:00'),
    slept(ring, 'light', '2024-01-19T22:40+01:00', '2024-01-20T07:20+01:00'),
  ]
  expect(dayOf('2024-01-20', sleep.toReversed())).toEqual(dayOf('2024-01-20', sleep))
})
