import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFlagCode, isQuarantineCode } from './marks.ts'
import { isProblemCode } from './problem.ts'
import { conserved, outOfRange, plausibleMask, type Rule, rules, splitSession, suggestedShiftMs, timeFindings } from './quality.ts'
import { dayBounds } from './zone.ts'

const now = 1_705_761_000_000
const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test('every rule has a code of the list that its verdict asks for', () => {
  const listOf = { reject: isProblemCode, normalise: isFlagCode, flag: isFlagCode, quarantine: isQuarantineCode }
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    expect(listOf[rule.verdict](rule.code), name).toBe(true)
    expect(isProblemCode(rule.strictCode), name).toBe(true)
  }
})

test('the messages are the specification’s own', () => {
  expect(Object.values(rules).map(({ message }) => message)).toEqual([
    'Heart rate must be between 30-220 BPM',
    'Heart rate changes too rapid, possible invalid data',
    'Invalid sleep stage: {0}',
    'Unlikely sleep stage transition: {0} -> {1}',
    'End time must be after start time',
    'Session duration cannot exceed 24 hours',
    'Start time cannot be in the future',
    'Start time cannot be in the future',
  ])
})

test('139, 140: a session that does not end after its start is rejected', () => {
  for (const end of [now - hour, now - hour - second])
    expect(timeFindings(now - hour, end, now)).toMatchObject([
      { verdict: 'reject', code: 'end_before_start', message: 'End time must be after start time' },
    ])
  expect(timeFindings(now - hour, now - hour + 1, now)).toEqual([])
})

test('141: 24 hours are accepted; a second more is flagged and split, or refused', () => {
  const start = now - 3 * day
  expect(timeFindings(start, start + day, now)).toEqual([])
  expect(timeFindings(start, start + day + second, now)).toMatchObject([{ verdict: 'flag', code: 'split_from' }])
  expect(timeFindings(start, start + day + second, now, 'strict')).toMatchObject([
    { verdict: 'reject', code: 'session_too_long', message: 'Session duration cannot exceed 24 hours' },
  ])
  expect(splitSession(start, start + day)).toEqual([{ startMs: start, endMs: start + day }])
  expect(splitSession(start, start + day + second)).toEqual([
    { startMs: start, endMs: start + day },
    { startMs: start + day, endMs: start + day + second },
  ])
  expect(splitSession(start, start + day + second, [start + hour, start + hour])).toEqual([
    { startMs: start, endMs: start + hour },
    { startMs: start + hour, endMs: start + day + second },
  ])
})

test('parts of a split session follow one another without gap and none is longer than a day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * day }), fc.array(fc.integer({ min: -day, max: 11 * day })), (length, cuts) => {
      const parts = splitSession(0, length, cuts)
      expect(parts[0]?.startMs).toBe(0)
      expect(parts.at(-1)?.endMs).toBe(length)
      parts.forEach(({ startMs, endMs }, at) => {
        expect(endMs).toBeGreaterThan(startMs)
        expect(endMs - startMs).toBeLessThanOrEqual(day)
        if (at > 0) expect(parts[at - 1]?.endMs).toBe(startMs)
      })
    }),
  )
})

test('142: a clock a little ahead is tolerated, a day ahead flagged, more set aside', () => {
  const codes = (start: number, handling: 'lenient' | 'strict' = 'lenient') =>
    timeFindings(start, start + second, now, handling).map(({ verdict, code }) => `${verdict} ${code}`)
  expect(codes(now + 30 * second)).toEqual([])
  expect(codes(now + 5 * minute - second)).toEqual([])
  expect(codes(now + 5 * minute + second)).toEqual(['flag clock_skew'])
  expect(codes(now + day - second)).toEqual(['flag clock_skew'])
  expect(codes(now + day + second)).toEqual(['quarantine future'])
  expect(codes(now + 30 * second, 'strict')).toEqual([])
  expect(codes(now + 6 * minute, 'strict')).toEqual(['reject future'])
  expect(codes(now + 2 * day, 'strict')).toEqual(['reject future'])
})

test('142: an end in the future is minded too', () => {
  expect(timeFindings(now - hour, now + hour, now)).toMatchObject([{ code: 'clock_skew' }])
  expect(timeFindings(now - hour, now + hour, now, 'strict')).toEqual([])
})

test('143: a batch that is shifted as a whole gets a suggestion', () => {
  expect(suggestedShiftMs(now, now + 5 * minute)).toBeUndefined()
  expect(suggestedShiftMs(now - 2 * hour, now)).toBe(2 * hour)
  expect(suggestedShiftMs(now + hour, now)).toBe(-hour)
})

test('138: a day of 25 hours may hold 25 hours', () => {
  const zones = [{ fromMs: 0, zone: 'Europe/Berlin' }]
  const { startMs, endMs } = dayBounds(zones, '2024-10-27')
  expect((endMs - startMs) / hour).toBe(25)
  expect(outOfRange('exercise_minutes', (endMs - startMs) / minute)).toBeUndefined()
  expect(outOfRange('stand_hours', 25)).toBeUndefined()
})

test('144: on the day of a flight the date is that of the zone in force', () => {
  const landed = Temporal.Instant.from('2024-06-10T12:00:00Z').epochMilliseconds
  const zones = [
    { fromMs: 0, zone: 'America/New_York' },
    { fromMs: landed, zone: 'Europe/Berlin' },
  ]
  const bounds = dayBounds(zones, '2024-06-10')
  expect(bounds).toMatchObject({ zone: 'Europe/Berlin' })
  expect((bounds.endMs - bounds.startMs) / hour).toBe(18)
})

test('145: a value outside the metric is set aside, the limits themselves are not', () => {
  for (const value of [29, 221, 0, -5, 300, 29.999]) expect(outOfRange('heart_rate', value), String(value)).toBe('hr_out_of_range')
  for (const value of [30, 72.5, 220]) expect(outOfRange('heart_rate', value), String(value)).toBeUndefined()
  expect(outOfRange('oxygen_saturation', 101)).toBe('out_of_range')
  expect(outOfRange('steps', 3e9)).toBe('out_of_range')
  expect(outOfRange('steps', -1)).toBe('out_of_range')
  expect(outOfRange('heart_rate', Number.NaN)).toBe('not_a_number')
  expect(outOfRange('heart_rate', Number.POSITIVE_INFINITY)).toBe('hr_out_of_range')
})

test('a column is judged like its values one by one', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -300, max: 300 })), (values) => {
      expect([...plausibleMask('heart_rate', Float64Array.from(values))]).toEqual(
        values.map((value) => (outOfRange('heart_rate', value) ? 0 : 1)),
      )
    }),
  )
})

test('what was received is what became of it', () => {
  expect(conserved({ received: 10, accepted: 5, duplicate: 3, quarantined: 1, rejected: 1 })).toBe(true)
  expect(conserved({ received: 10, accepted: 5, duplicate: 3, quarantined: 1, rejected: 0 })).toBe(false)
})
