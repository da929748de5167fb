import { expect, test } from 'vitest'
import { rateMeter } from './rate.ts'

test('the rate is that of the last four seconds, and nothing before a quarter of one', () => {
  const rate = rateMeter()
  expect(rate(0, 0)).toBeUndefined()
  expect(rate(200, 50_000_000)).toBeUndefined()
  expect(rate(1000, 50_000_000)).toBe(50_000_000)
  for (let atMs = 2000; atMs <= 8000; atMs += 1000) rate(atMs, 50_000_000 + (atMs - 1000) * 10_000)
  // By now the burst of the beginning is past.
  expect(rate(9000, 130_000_000)).toBe(10_000_000)
})

test('what begins anew is measured anew', () => {
  const rate = rateMeter()
  rate(0, 0)
  rate(1000, 1000)
  expect(rate(2000, 0)).toBeUndefined()
  expect(rate(4000, 1000)).toBe(500)
})
