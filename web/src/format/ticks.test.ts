import { expect, test } from 'vitest'
import { ticksWithin } from './ticks.ts'

const berlin = { locale: 'en-GB', zone: 'Europe/Berlin', most: 8 } as const
const said = (from: string, to: string, options: Parameters<typeof ticksWithin>[2] = berlin) => {
  const { at, label } = ticksWithin(Date.parse(from), Date.parse(to), options)
  return at.map((ms) => `${new Date(ms).toISOString().slice(5, 19)} ${label(ms)}`)
}

test('hours of a day are those of the person, and stay even where the clock goes back', () => {
  expect(said('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual([
    '10-24T22:00:00 25 Oct',
    '10-25T05:00:00 06:00',
    '10-25T11:00:00 12:00',
    '10-25T17:00:00 18:00',
    '10-25T23:00:00 26 Oct',
  ])
})

test('an hour that the clock skips has no second tick', () => {
  expect(said('2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z', { ...berlin, most: 4 })).toEqual([
    '03-29T00:00:00 01:00',
    '03-29T01:00:00 03:00',
    '03-29T02:00:00 04:00',
    '03-29T03:00:00 05:00',
  ])
})

test('a minute is told by seconds, weeks begin on Mondays, ten years are years', () => {
  expect(said('2026-05-05T10:00:00Z', '2026-05-05T10:01:00Z')[1]).toBe('05-05T10:00:10 12:00:10')
  expect(said('2026-05-05T00:00:00Z', '2026-06-05T00:00:00Z')).toEqual([
    '05-10T22:00:00 11 May',
    '05-17T22:00:00 18 May',
    '05-24T22:00:00 25 May',
    '05-31T22:00:00 1 Jun',
  ])
  expect(said('2016-05-05T00:00:00Z', '2026-05-05T00:00:00Z')).toEqual([
    '12-31T23:00:00 2018',
    '12-31T23:00:00 2020',
    '12-31T23:00:00 2022',
    '12-31T23:00:00 2024',
    '12-31T23:00:00 2026',
  ])
})
