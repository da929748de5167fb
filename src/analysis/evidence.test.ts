import { expect, test } from 'vitest'
import type { Evidence } from '../model/insight.ts'
import { unsupportedNumbers } from './evidence.ts'
import { numbersOf } from './numbers-in-text.ts'

const slept: Evidence = {
  metric: 'total_sleep_time',
  value: 372,
  unit: 'min',
  window: '2024-01-20',
  baseline: { median: 420, mad: 20.5, n: 27, window: '2023-12-23/2024-01-19' },
}
const evidence: readonly Evidence[] = [
  slept,
  { metric: 'total_sleep_time_difference', value: -48, unit: 'min', window: '2024-01-20' },
  { metric: 'steps', value: 14_079, unit: '{steps}', window: '2024-01-20' },
  { metric: 'sleep_efficiency', value: 0.893, unit: '1', window: '2024-01-20' },
  { metric: 'bedtime', value: 1390, unit: '{clock}', window: '2024-01-20' },
  { metric: 'distance_walking_running', value: 9812, unit: 'm', window: '2024-01-20' },
  { metric: 'resting_heart_rate', value: 62, unit: '/min', window: '2024-01-20' },
]

test.each([
  'You slept 6 h 12 min, 48 min less than your usual 7 h 0 min (median of 27 nights).',
  'Six hours? More than that: 6 h 12 min, or 6.2 hours, or 372 minutes.',
  'You took 14,079 steps and covered 9.8 km (6.1 miles).',
  '14 079 steps, 14079 steps, 9,812 metres.',
  'You were asleep for 89 % (89.3%) of the night.',
  'You fell asleep at 23:10, that is 11:10 pm.',
  'On 2024-01-20 your resting heart rate was 62 bpm, after 28 days.',
  'Between six and 7 hours.',
  'You walked and slept well; no numbers here, one of your best days.',
])('every number is borne by evidence: %s', (text) => {
  expect(unsupportedNumbers(text, evidence)).toEqual([])
})

test.each([
  ['You slept 6 h 13 min.', ['6 h 13 min']],
  ['You slept 48 h.', ['48 h']],
  ['You slept 372 hours.', ['372 hours']],
  ['You slept eight hours.', ['eight hours']],
  ['You slept 6–9 h.', ['9 h']],
  ['You took 14,080 steps, twice your usual.', ['14,080 steps', 'twice']],
  ['You took 14.079 steps.', ['14.079 steps']],
  ['You took 27 steps.', ['27 steps']],
  ['89 km', ['89 km']],
  ['You fell asleep at 23:11.', ['23:11']],
  ['You fell asleep at 11 pm.', ['11 pm']],
  ['Your resting heart rate was 62 ms.', ['62 ms']],
  ['On 2024-01-21 all was well.', ['2024-01-21']],
  ['Your sleep improved by 15%.', ['15%']],
  ['Half of it, ½, ٣, ６, Ⅶ.', ['Half', '½', '٣', '６', 'Ⅶ']],
  ['You took 1\u200b5 steps.', ['15 steps']],
  ['You took 1e9 steps.', ['1e9 steps']],
  ['Thirty-one nights, two hundred steps, thousands.', ['Thirty-one nights', 'two hundred steps', 'thousands']],
])('numbers that no evidence bears are named: %s', (text, expected) => {
  expect(unsupportedNumbers(text, evidence)).toEqual(expected)
})

test('no number may be used without evidence, and none is needed without numbers', () => {
  expect(unsupportedNumbers('You slept 7 h.', [])).toEqual(['7 h'])
  expect(unsupportedNumbers('You slept well.', [])).toEqual([])
})

test('a number that is not a number is borne by nothing', () => {
  expect(unsupportedNumbers('Half.', [{ ...slept, value: Number.NaN }])).toEqual(['Half'])
})

test('quantities are read with their units and the worth of their last digit', () => {
  expect(numbersOf('6 h 12 min, 14,079, 3 %, 23:10, 7–9 h and 9.8 km')).toEqual([
    { text: '6 h 12 min', value: 372, step: 1, dimension: 'time' },
    { text: '14,079', value: 14_079, step: 1 },
    { text: '3 %', value: 3, step: 1, dimension: 'share' },
    { text: '23:10', value: 1390, step: 1, dimension: 'clock' },
    { text: '7', value: 420, step: 60, dimension: 'time' },
    { text: '9 h', value: 540, step: 60, dimension: 'time' },
    { text: '9.8 km', value: 9800, step: 100, dimension: 'length' },
  ])
})

test('names with digits in them are no quantities', () => {
  expect(numbersOf('Your SpO2 and VO2 max')).toEqual([])
})
