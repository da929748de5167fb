import { expect, test } from 'vitest'
import { grouped, halfEven, say, sayDifference, sayDuration, told } from './wording.ts'

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.500001, 3],
  [64.5, 64],
  [-0.4, 0],
  [65.4999, 65],
])('%d to the nearest integer, halves to even, is %d', (value, expected) => {
  expect(halfEven(value)).toBeCloseTo(expected, 12)
})

test.each([
  [0, '0 min'],
  [59, '59 min'],
  [59.6, '1 h 0 min'],
  [372, '6 h 12 min'],
])('%d minutes are told as %s', (minutes, expected) => {
  expect(sayDuration(minutes)).toBe(expected)
})

test.each([
  [0, '0'],
  [999, '999'],
  [14_079, '14,079'],
  [1_234_567, '1,234,567'],
])('%d is grouped as %s', (value, expected) => {
  expect(grouped(value)).toBe(expected)
})

test('a difference is told without its sign, of clock times as a duration, of shares as points', () => {
  expect(sayDifference('{clock}', -65, 'metric')).toBe('1 h 5 min')
  expect(sayDifference('%', -4, 'metric')).toBe('4 points')
  expect(sayDifference('/min', 3, 'metric')).toBe('3 bpm')
})

test('distances are told to a tenth of a kilometre or of a mile', () => {
  expect(told('m', 9849, 'metric')).toBe(9800)
  expect(say('m', told('m', 9849, 'metric'), 'metric')).toBe('9.8 km')
  // A mile is 1609.344 m.
  expect(say('m', told('m', 9849, 'imperial'), 'imperial')).toBe('6.1 mi')
})

test('a time of day wraps at midnight', () => {
  expect(say('{clock}', 15, 'metric')).toBe('00:15')
  expect(say('{clock}', told('{clock}', 1439.7, 'metric'), 'metric')).toBe('00:00')
})
