import { expect, test } from 'vitest'
import { effectiveWish, retentionPolicies } from './retention.ts'

test.each([
  ['indefinite', '5_years'],
  ['10_years', '5_years'],
  ['6_years', '5_years'],
  ['61_months', '5_years'],
  ['5_years', '5_years'],
  ['60_months', '60_months'],
  ['1_year', '1_year'],
  ['999_days', '999_days'],
  ['1_day', '1_day'],
] as const)('of a wish for %s raw data are kept %s', (wish, effective) => {
  expect(effectiveWish(wish, retentionPolicies.raw_health_data)).toBe(effective)
})

test.each([
  ['366_days', '1_year'],
  ['365_days', '365_days'],
  ['13_months', '1_year'],
  ['12_months', '12_months'],
] as const)('under a policy of one year a wish for %s comes to %s', (wish, effective) => {
  expect(effectiveWish(wish, { archivalYears: 1 })).toBe(effective)
})

test('where a policy keeps for ever, the wish is what counts', () => {
  expect(effectiveWish('indefinite', retentionPolicies.audit_logs)).toBe('indefinite')
})
