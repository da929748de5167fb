import { expect, test } from 'vitest'
import { at, dayInput, hour, minute, type Row, series, slept, source, steady } from '../../test/fixtures/day-input.ts'
import { analyseDay } from './day.ts'

const watch = source('watch')
const midnight = at('2024-01-20T00:00Z')
const bed = midnight - hour
const up = midnight + 6 * hour
const fiveMinutes = 5 * minute

/** Walking a little, 20 steps a minute, whenever awake. */
function walking(fromMs: number, toMs: number): Row[] {
  const rows: Row[] = []
  for (let start = fromMs; start < toMs; start += minute) rows.push([start, start + minute, 20])
  return rows
}

const awakePulse = (fromMs: number, toMs: number) => steady(fromMs, toMs, fiveMinutes, 75)
const asleepPulse = (fromMs: number, toMs: number) => steady(fromMs, toMs, fiveMinutes, 52)
const noon = midnight - 12 * hour
const evening = midnight + 20 * hour

function dayOf(pulse: Row[], steps: Row[], sleep = [] as ReturnType<typeof slept>[]) {
  return analyseDay(dayInput('2024-01-20', 'UTC', { series: [series('heart_rate', watch, pulse), series('steps', watch, steps)], sleep }))
}

const worn = [...awakePulse(noon, bed), ...asleepPulse(bed, up), ...awakePulse(up, evening)]

test('still hours with a low heart rate are the night, within a quarter of an hour', () => {
  const day = dayOf(worn, [...walking(noon, bed), ...walking(up, evening)])
  const { sleep } = day
  expect(sleep).toMatchObject({ method: 'cole_kripke', source: 'watch', bedtimeDate: '2024-01-19', efficiencyBasis: 'maintenance' })
  expect(Math.abs(at(sleep?.onset ?? '') - bed)).toBeLessThanOrEqual(15 * minute)
  expect(Math.abs(at(sleep?.wake ?? '') - up)).toBeLessThanOrEqual(15 * minute)
  expect(sleep).not.toHaveProperty('confidence')
  expect(sleep).not.toHaveProperty('stagesMinutes')
  expect(day.flags).toContain('sleep_estimated')
})

test('half an hour up at night is waking inside the night', () => {
  const restless = [...walking(noon, bed), ...walking(midnight + 2 * hour, midnight + 2.5 * hour), ...walking(up, evening)]
  const { sleep } = dayOf(worn, restless)
  expect(sleep?.awakenings).toBe(1)
  expect(sleep?.awakeMinutes).toBeGreaterThanOrEqual(30)
  expect(sleep?.awakeMinutes).toBeLessThanOrEqual(45)
})

test('a watch on the charger at night is no sleep', () => {
  const day = dayOf([...awakePulse(noon, bed), ...awakePulse(up, evening)], [...walking(noon, bed), ...walking(up, evening)])
  expect(day.sleep).toBeUndefined()
  expect(day.reasons).toContainEqual({ field: 'sleep', code: 'not_worn', have: expect.any(Number), need: 180 })
})

test('a still evening with the heart rate of the day is no sleep', () => {
  // 18:00–23:00 motionless at 80 /min, awake the whole night.
  const still = [
    ...awakePulse(noon, midnight - 6 * hour),
    ...steady(midnight - 6 * hour, bed, fiveMinutes, 80),
    ...awakePulse(bed, evening),
  ]
  const day = dayOf(still, [...walking(noon, midnight - 6 * hour), ...walking(bed, evening)])
  expect(day.sleep).toBeUndefined()
  expect(day.reasons).toContainEqual(expect.objectContaining({ field: 'sleep', code: 'no_sleep_found' }))
})

test('a watch taken off in the night cuts the sleep and says so', () => {
  const off = midnight + 4 * hour
  const day = dayOf(
    [...awakePulse(noon, bed), ...asleepPulse(bed, off), ...awakePulse(up + 2 * hour, evening)],
    [...walking(noon, bed), ...walking(up + 2 * hour, evening)],
  )
  expect(day.flags).toContain('sleep_cut_by_non_wear')
})

test('heart rate without any record of movement gives no sleep', () => {
  const day = analyseDay(dayInput('2024-01-20', 'UTC', { series: [series('heart_rate', watch, worn)] }))
  expect(day.sleep).toBeUndefined()
  expect(day.reasons).toContainEqual({ field: 'sleep', code: 'no_movement_data', have: 0, need: 1 })
})

test('what a device said about the night comes before the estimate', () => {
  const told = slept(watch, 'light', '2024-01-20T00:30Z', '2024-01-20T05:30Z')
  expect(dayOf(worn, [...walking(noon, bed), ...walking(up, evening)], [told]).sleep).toMatchObject({
    method: 'device_stages',
    asleepMinutes: 300,
  })
})
