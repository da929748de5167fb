import { expect, test } from 'vitest'
import { dateText, offsetAt, startOfDay, utcMidnight } from './zone-offset.ts'

const zones = [
  'UTC',
  '+05:45',
  'America/New_York',
  // Half an hour of summer, a zone that skipped a date, one that changed at a minute past midnight, one that stops its summer for Ramadan.
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
  'America/Sao_Paulo',
]
const asked = (zone: string, ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)

test.each(zones)('the offset of %s is what the calendar says, at each change and a millisecond beside it', (zone) => {
  const end = Date.UTC(2026, 0)
  for (let ms: number | undefined = Date.UTC(2005, 0); ms !== undefined && ms < end; ) {
    for (const beside of [ms - 1, ms, ms + 1, ms + 86_400_000]) {
      const { offsetNanoseconds, offset } = asked(zone, beside)
      expect(offsetAt(zone, beside)).toMatchObject({ offsetMs: offsetNanoseconds / 1e6, text: offset })
    }
    ms = asked(zone, ms).getTimeZoneTransition('next')?.epochMilliseconds
  }
})

test.each(zones)('each date begins in %s when the calendar says', (zone) => {
  for (const year of [2007, 2011, 2018, 2024]) {
    for (let utcMs = Date.UTC(year, 0); utcMs < Date.UTC(year + 1, 0); utcMs += 86_400_000) {
      const date = dateText(utcMs)
      expect([date, startOfDay(zone, utcMs)]).toEqual([date, Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds])
    }
  }
})

test('what is no date has no midnight', () => {
  expect(utcMidnight('2024-02-29')).toBe(1_709_164_800_000)
  for (const text of ['2023-02-29', '2024-13-01', 'yesterday']) expect(() => utcMidnight(text)).toThrow(RangeError)
})
