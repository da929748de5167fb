import { expect, test } from 'vitest'
import { banisterLoad, edwardsLoad, highestHeartRate, highestZones, minutesInZones, reserveZones } from './heart-zones.ts'
import { intensityOf, sedentaryBouts } from './intensity.ts'

const minute = 60_000

test('the highest heart rate and the zones are those of the papers', () => {
  expect(highestHeartRate(40)).toBe(180)
  // Reserve 180 − 60 = 120: 50 % lies at 120, 90 % at 168.
  expect(reserveZones(60, 180).map(Math.round)).toEqual([120, 132, 144, 156, 168])
  expect(highestZones(180).map(Math.round)).toEqual([90, 108, 126, 144, 162])
})

test('minutes fall into the zone that their heart rate begins, and none below the first', () => {
  const bpm = Float64Array.of(119, 120, 131.9, 132, 170, 200)
  const holdMs = Float64Array.of(10, 1, 2, 3, 4, 0.5).map((minutes) => minutes * minute)
  expect(minutesInZones(bpm, holdMs, [120, 132, 144, 156, 168])).toEqual([3, 3, 0, 0, 4.5])
})

test('Edwards weighs the zones with 1 to 5', () => {
  expect(edwardsLoad([10, 10, 10, 10, 10])).toBe(150)
  expect(edwardsLoad([60, 0, 0, 0, 3])).toBe(75)
})

test('Banister’s impulse of half an hour at 70 % of the reserve', () => {
  const bpm = Float64Array.of(60 + 0.7 * 120)
  const holdMs = Float64Array.of(30 * minute)
  const person = { restingBpm: 60, highestBpm: 180 }
  // 30 · 0.7 · 0.64 · e^1.344 and 30 · 0.7 · 0.86 · e^1.169.
  expect(banisterLoad(bpm, holdMs, { ...person, weights: 'men' })).toBeCloseTo(51.53, 2)
  expect(banisterLoad(bpm, holdMs, { ...person, weights: 'women' })).toBeCloseTo(58.13, 2)
  expect(banisterLoad(Float64Array.of(50), holdMs, { ...person, weights: 'men' })).toBe(0)
})

test('a minute is moderate from 100 steps or 64 % on, and vigorous from 130 or 77 %', () => {
  expect([...intensityOf({ steps: Float64Array.of(99, 100, 129, 130) })]).toEqual([0, 1, 1, 2])
  // Of 180: 64 % is 115.2, 77 % is 138.6.
  const bpm = Float64Array.of(115, 116, 138, 139, Number.NaN)
  expect([...intensityOf({ steps: Float64Array.of(0, 0, 0, 0, 110), bpm, highestBpm: 180 })]).toEqual([0, 1, 1, 2, 1])
  expect([...intensityOf({ steps: Float64Array.of(0, 0, 0, 0, 0), bpm })]).toEqual([0, 0, 0, 0, 0])
})

test('sitting is counted, with its longest stretch and those of an hour', () => {
  const still = Uint8Array.from([...Array<number>(60).fill(1), 0, ...Array<number>(59).fill(1), 0, ...Array<number>(75).fill(1)])
  expect(sedentaryBouts(still)).toEqual({ minutes: 194, longestMinutes: 75, bouts: 2 })
  expect(sedentaryBouts(new Uint8Array(3))).toEqual({ minutes: 0, longestMinutes: 0, bouts: 0 })
})
