import { expect, test } from 'vitest'
import { dateOfDay, dayNumber } from './calendar.ts'

test('days are counted as the calendar counts them, over leap years, centuries and before 1970', () => {
  const first = Temporal.PlainDate.from('1895-12-30')
  for (let days = 0; days < 80_000; days += 13) {
    const date = first.add({ days })
    const number = Temporal.PlainDate.from('1970-01-01').until(date).days
    expect(dayNumber(date.toString())).toBe(number)
    expect(dateOfDay(number)).toBe(date.toString())
  }
  for (const [date, number] of [
    ['0001-01-01', -719_162],
    ['1969-12-31', -1],
    ['1970-01-01', 0],
    ['2000-02-29', 11_016],
    ['9999-12-31', 2_932_896],
  ] as const) {
    expect(dayNumber(date)).toBe(number)
    expect(dateOfDay(number)).toBe(date)
  }
})

test('days that share a place in memory are told apart', () => {
  expect([0, 1024, 2048, 0].map(dateOfDay)).toEqual(['1970-01-01', '1972-10-21', '1975-08-11', '1970-01-01'])
})
