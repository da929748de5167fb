import { expect, test } from 'vitest'
import { instantMs } from './night-clock.ts'

test.each([
  '2024-01-20T23:41:07-05:00',
  '2024-03-01T00:00:00+05:45',
  '1969-12-31T19:00:00-05:00',
  '2024-02-29T12:30:59+00:00',
  '2024-01-20T23:41:00Z',
  '2024-01-20T23:41:07.123456Z',
  '2024-01-20T23:41:07.250-05:00',
  '2024-01-20T23:41:07.0000Z',
])('%s is the instant that the calendar says', (text) => {
  expect(instantMs(text)).toBe(Temporal.Instant.from(text).epochMilliseconds)
})
