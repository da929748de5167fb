import { expect, test } from 'vitest'
import { boundsOf, hoursWithin, shifted } from './zoned.ts'

const hours = (date: string, zone: string) => {
  const [from, to] = boundsOf(date, zone)
  return (to - from) / 3_600_000
}
const iso = (ms: number) => new Date(ms).toISOString()

test.each([
  // The clocks of Berlin go forward on 29 March 2026 and back on 25 October.
  ['2026-03-28', 'Europe/Berlin', 24, '2026-03-27T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', 23, '2026-03-28T23:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', 25, '2026-10-24T22:00:00.000Z'],
  // Those of New York on 8 March and 1 November.
  ['2026-03-08', 'America/New_York', 23, '2026-03-08T05:00:00.000Z'],
  ['2026-11-01', 'America/New_York', 25, '2026-11-01T04:00:00.000Z'],
  ['2026-07-01', 'Asia/Kathmandu', 24, '2026-06-30T18:15:00.000Z'],
  // Half an hour, on Lord Howe.
  ['2026-10-04', 'Australia/Lord_Howe', 23.5, '2026-10-03T13:30:00.000Z'],
])('%s in %s has %d hours and begins at %s', (date, zone, expected, begins) => {
  expect(hours(date, zone)).toBe(expected)
  expect(iso(boundsOf(date, zone)[0])).toBe(begins)
})

test('where midnight does not exist a day begins with the first instant after it', () => {
  // Beirut goes forward at midnight: 29 March 2026 begins at 01:00.
  expect(iso(boundsOf('2026-03-29', 'Asia/Beirut')[0])).toBe('2026-03-28T22:00:00.000Z')
  expect(hours('2026-03-29', 'Asia/Beirut')).toBe(23)
})

test('a date is moved by days over months, years and leap days', () => {
  expect(shifted('2026-12-31', 1)).toBe('2027-01-01')
  expect(shifted('2028-03-01', -1)).toBe('2028-02-29')
  expect(shifted('2026-03-29', 0)).toBe('2026-03-29')
})

test('the whole hours of a span include its ends', () => {
  const from = Date.parse('2026-01-01T22:20:00Z')
  expect(hoursWithin(from, from + 2.7 * 3_600_000).map(iso)).toEqual([
    '2026-01-01T23:00:00.000Z',
    '2026-01-02T00:00:00.000Z',
    '2026-01-02T01:00:00.000Z',
  ])
  expect(hoursWithin(from + 2_400_000, from + 2_400_000)).toHaveLength(1)
})
