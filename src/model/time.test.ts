import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalZone, formatInstant, isCalendarDate, parseInstant, resolveLocal } from './time.ts'

test('128: a time without an offset is refused, and so is a date alone', () => {
  expect(parseInstant('2024-01-20T14:30:00')).toEqual({ ok: false, code: 'offset_required' })
  expect(parseInstant('2024-01-20T14:30:00.123')).toEqual({ ok: false, code: 'offset_required' })
  expect(parseInstant('2024-01-20')).toEqual({ ok: false, code: 'invalid_date' })
})

test('128: an import may name the zone instead', () => {
  expect(resolveLocal('2024-01-20T14:30:00', 'America/New_York')).toEqual({
    ok: true,
    epochMs: at('2024-01-20T19:30:00Z'),
    micros: 0,
    flags: [],
  })
})

test('129: dates, hours and offsets that do not exist are refused', () => {
  const impossible = [
    '2024-02-30T10:00:00Z',
    '2023-02-29T10:00:00Z',
    '1900-02-29T10:00:00Z',
    '2024-04-31T10:00:00Z',
    '2024-00-10T10:00:00Z',
    '2024-13-10T10:00:00Z',
    '2024-01-00T10:00:00Z',
    '2024-01-20T25:00:00Z',
    '2024-01-20T10:60:00Z',
    '2024-01-20T10:00:61Z',
    '2024-01-20T10:00:00+25:00',
    '2024-01-20T10:00:00+05:60',
    '2024-01-20T10:00:00+0500',
    '2024-01-20 10:00:00Z',
    '2024-01-20T10:00Z',
    '2024-1-20T10:00:00Z',
    '2024-01-20T10:00:00.Z',
    ' 2024-01-20T10:00:00Z',
    '2024-01-20T10:00:00Z\n',
    '',
    'now',
    '２024-01-20T10:00:00Z',
  ]
  for (const text of impossible) expect(parseInstant(text), JSON.stringify(text)).toEqual({ ok: false, code: 'invalid_date' })
  expect(parseInstant('2024-02-29T10:00:00Z')).toMatchObject({ ok: true })
  expect(parseInstant('2000-02-29T10:00:00Z')).toMatchObject({ ok: true })
})

test('130: a leap second becomes the last millisecond of its day, with a flag', () => {
  const expected = { ok: true, epochMs: at('2016-12-31T23:59:59.999Z'), micros: 0, flags: ['leap_second'] }
  expect(parseInstant('2016-12-31T23:59:60Z')).toEqual(expected)
  expect(parseInstant('2016-12-31T15:59:60.25-08:00')).toEqual(expected)
  expect(parseInstant('2017-01-01T05:29:60+05:30')).toEqual(expected)
  expect(parseInstant('2016-12-31T23:58:60Z')).toEqual({ ok: false, code: 'invalid_date' })
})

test('131: 24:00:00 is the first moment of the next day, and nothing after it exists', () => {
  expect(parseInstant('2024-02-28T24:00:00Z')).toEqual({ ok: true, epochMs: at('2024-02-29T00:00:00Z'), micros: 0, flags: [] })
  expect(parseInstant('2024-12-31T24:00:00+01:00')).toMatchObject({ epochMs: at('2024-12-31T23:00:00Z') })
  expect(parseInstant('2024-02-28T24:00:01Z')).toEqual({ ok: false, code: 'invalid_date' })
  expect(parseInstant('2024-02-28T24:00:00.000001Z')).toEqual({ ok: false, code: 'invalid_date' })
})

test('132: an epoch number is the wrong type', () => {
  for (const value of [1_705_761_000, 1_705_761_000_000, 1_705_761_000_000_000, null, undefined, {}, true])
    expect(parseInstant(value)).toEqual({ ok: false, code: 'wrong_type' })
})

test('133: a fraction is kept to the microsecond and cut below it', () => {
  expect(parseInstant('2024-01-20T14:30:00.123456789Z')).toEqual({
    ok: true,
    epochMs: at('2024-01-20T14:30:00.123Z'),
    micros: 456,
    flags: [],
  })
  expect(parseInstant('2024-01-20T14:30:00.5Z')).toMatchObject({ epochMs: at('2024-01-20T14:30:00.5Z'), micros: 0 })
  expect(parseInstant('2024-01-20T14:30:00.0000009Z')).toMatchObject({ epochMs: at('2024-01-20T14:30:00Z'), micros: 0 })
})

test('134: years outside 1970 to 9999 are out of range', () => {
  const outside = [
    '0000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '+275761-01-01T00:00:00Z',
    'infinity',
    '-infinity',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:30:00+01:00',
    '9999-12-31T23:30:00-01:00',
  ]
  for (const text of outside) expect(parseInstant(text), text).toEqual({ ok: false, code: 'out_of_range' })
  expect(parseInstant('1970-01-01T00:00:00Z')).toMatchObject({ ok: true, epochMs: 0 })
  expect(parseInstant('9999-12-31T23:59:59Z')).toMatchObject({ ok: true })
})

test('135: a zone is an IANA name, in any letter case, and nothing else', () => {
  const good = {
    'America/New_york': 'America/New_York',
    'EUROPE/BERLIN': 'Europe/Berlin',
    utc: 'UTC',
    UTC: 'UTC',
    'america/argentina/buenos_aires': 'America/Argentina/Buenos_Aires',
  }
  for (const [text, name] of Object.entries(good)) expect(canonicalZone(text), text).toBe(name)
  const bad = [
    'EST',
    'est',
    'MST',
    'PST',
    'GMT+5',
    '../etc/passwd',
    '',
    ' ',
    '+05:00',
    'America/',
    'Mars/Olympus',
    'America/New_York\n',
    '2024-01-01T00:00[UTC]',
    'constructor',
  ]
  for (const text of bad) expect(canonicalZone(text), JSON.stringify(text)).toBeUndefined()
  expect(resolveLocal('2024-01-20T14:30:00', 'EST')).toEqual({ ok: false, code: 'invalid_timezone' })
})

test('136: a local time that the clocks skipped moves forward by the skip', () => {
  expect(resolveLocal('2024-03-10T02:30:00', 'America/New_York')).toEqual({
    ok: true,
    epochMs: at('2024-03-10T03:30:00-04:00'),
    micros: 0,
    flags: ['nonexistent_local_time'],
  })
  // Lord Howe Island moves by half an hour, Samoa once skipped a whole day.
  expect(resolveLocal('2024-10-06T02:10:00', 'Australia/Lord_Howe')).toMatchObject({
    epochMs: at('2024-10-06T02:40:00+11:00'),
    flags: ['nonexistent_local_time'],
  })
  expect(resolveLocal('2011-12-30T12:00:00', 'Pacific/Apia')).toMatchObject({
    epochMs: at('2011-12-31T12:00:00+14:00'),
    flags: ['nonexistent_local_time'],
  })
})

test('136: a local time that happened twice needs its offset', () => {
  expect(resolveLocal('2024-11-03T01:30:00', 'America/New_York')).toEqual({ ok: false, code: 'ambiguous_local_time' })
  expect(parseInstant('2024-11-03T01:30:00-04:00')).toMatchObject({ epochMs: at('2024-11-03T05:30:00Z') })
  expect(parseInstant('2024-11-03T01:30:00-05:00')).toMatchObject({ epochMs: at('2024-11-03T06:30:00Z') })
  expect(resolveLocal('2024-11-03T02:00:00', 'America/New_York')).toMatchObject({ ok: true, epochMs: at('2024-11-03T07:00:00Z') })
})

test('137: eight hours on the wall are seven or nine when the clocks change', () => {
  const hours = (from: string, to: string) => {
    const [start, end] = [resolveLocal(from, 'Europe/Berlin'), resolveLocal(to, 'Europe/Berlin')]
    return start.ok && end.ok ? (end.epochMs - start.epochMs) / 3_600_000 : Number.NaN
  }
  expect(hours('2024-03-30T23:00:00', '2024-03-31T07:00:00')).toBe(7)
  expect(hours('2024-10-26T23:00:00', '2024-10-27T07:00:00')).toBe(9)
  expect(hours('2024-06-01T23:00:00', '2024-06-02T07:00:00')).toBe(8)
})

test('every time that Temporal reads is read alike', () => {
  const time = fc.date({ min: new Date('1971-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true })
  const offset = fc.integer({ min: -18 * 60, max: 18 * 60 }).map((minutes) => {
    const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0')
    return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
  })
  fc.assert(
    fc.property(time, offset, fc.integer({ min: 0, max: 999 }), (date, zone, micros) => {
      const text = `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}${zone}`
      const ours = parseInstant(text)
      const theirs = Temporal.Instant.from(text)
      expect(ours).toEqual({ ok: true, epochMs: theirs.epochMilliseconds, micros, flags: [] })
      if (ours.ok) expect(parseInstant(formatInstant(ours.epochMs, ours.micros))).toEqual(ours)
    }),
  )
})

test('parsing never throws', () => {
  const nearly = fc.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{0,12})?(Z|[+-]\d{2}:\d{2})?$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly, fc.anything()), fc.string(), (text, zone) => {
      expect(typeof parseInstant(text).ok).toBe('boolean')
      expect(typeof resolveLocal(text, 'Europe/Berlin').ok).toBe('boolean')
      expect(['string', 'undefined']).toContain(typeof canonicalZone(zone))
    }),
  )
})

test('stored instants sort as text the way they sort in time', () => {
  const instants = [0, 1, 999, 1000, 1_705_761_000_000, 1_705_761_000_500].flatMap((ms) => [
    formatInstant(ms),
    formatInstant(ms, 1),
    formatInstant(ms, 999),
  ])
  expect(instants.toSorted()).toEqual(instants)
  expect(formatInstant(at('2024-01-20T14:30:00Z'))).toBe('2024-01-20T14:30:00.000000Z')
})

test('an instant is written as Temporal writes it, to the microsecond, in any year', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), fc.integer({ min: 0, max: 999 }), (ms, micros) => {
      const exact = Temporal.Instant.fromEpochNanoseconds(BigInt(ms) * 1_000_000n + BigInt(micros) * 1000n)
      expect(formatInstant(ms, micros)).toBe(exact.toString({ fractionalSecondDigits: 6 }))
    }),
  )
  expect(() => formatInstant(Number.NaN)).toThrow(RangeError)
})

test('calendar dates are checked against the calendar', () => {
  for (const date of ['2024-02-29', '1900-01-01', '0001-01-01']) expect(isCalendarDate(date), date).toBe(true)
  for (const date of ['2023-02-29', '15/01/1990', '2024-02-30', '2024-2-3', '0000-01-01', '2024-01-01T00:00:00Z'])
    expect(isCalendarDate(date), date).toBe(false)
})

function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds
}
