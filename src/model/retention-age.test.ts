import { expect, test } from 'vitest'
import { beginOf, endOf } from './retention-age.ts'

test.each([
  ['2_years', '2026-03-15T08:00:00.000000Z', '2024-03-15T08:00:00.000000Z'],
  ['1_year', '2024-02-29T08:00:00.000000Z', '2023-02-29T08:00:00.000000Z'],
  ['14_months', '2026-01-31T08:00:00.000000Z', '2024-11-31T08:00:00.000000Z'],
  ['1_month', '2026-01-05T00:00:00.000000Z', '2025-12-05T00:00:00.000000Z'],
  ['1_day', '2026-03-01T08:00:00.000000Z', '2026-02-28T08:00:00.000000Z'],
  ['999_days', '2026-03-01T08:00:00.000001Z', '2023-06-06T08:00:00.000001Z'],
] as const)('what is %s old at %s began before %s', (age, now, begin) => {
  expect(beginOf(age, now)).toBe(begin)
})

test.each([
  ['2_years', '2024-03-15T08:00:00.000000Z', '2026-03-15T08:00:00.000000Z'],
  ['2_years', '2024-02-29T08:00:00.000000Z', '2026-03-01T00:00:00.000000Z'],
  ['4_years', '2024-02-29T08:00:00.000000Z', '2028-02-29T08:00:00.000000Z'],
  ['1_month', '2026-01-31T08:00:00.000000Z', '2026-03-01T00:00:00.000000Z'],
  ['30_days', '2026-01-31T08:00:00.000000Z', '2026-03-02T08:00:00.000000Z'],
  // A date is as old as its end.
  ['5_years', '2024-12-31', '2030-01-01T00:00:00.000000Z'],
] as const)('%s after %s is %s', (age, begin, end) => {
  expect(endOf(age, begin)).toBe(end)
})

test('what is kept indefinitely has neither', () => {
  expect(beginOf('indefinite', '2026-01-01T00:00:00.000000Z')).toBeUndefined()
  expect(endOf('indefinite', '2026-01-01T00:00:00.000000Z')).toBeUndefined()
})
