import { expect, test } from 'vitest'
import { clockEvidence, offsetName, readZones } from './zones.ts'

const hour = 3_600_000
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds

/** A sample an hour of `days` from an instant on, each with the offset given for it, and a zone where it has one. */
function evidenceOf(spans: readonly { from: string; days: number; offset: number | ((ms: number) => number); zone?: number }[]) {
  const evidence = clockEvidence()
  for (const { from, days, offset, zone = -1 } of spans)
    for (let ms = at(from); ms < at(from) + days * 24 * hour; ms += hour)
      evidence.note(ms, typeof offset === 'number' ? offset : offset(ms), zone)
  return evidence
}

function offsetIn(zone: string): (ms: number) => number {
  return (ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 60e9
}

test('one offset in the whole file and no zone: that offset', () => {
  const evidence = evidenceOf([{ from: '2024-01-01T00:00:00Z', days: 200, offset: -420 }])
  expect(readZones({ evidence, zoneNames: [] })).toEqual({ offsets: 'exporter', timeline: [{ fromMs: 0, zone: '-07:00' }], untilMs: 0 })
})

test('one offset and the zone of the profile: the profile, since Apple writes the exporter’s offset on everything', () => {
  const evidence = evidenceOf([{ from: '2024-01-01T00:00:00Z', days: 200, offset: -420 }])
  expect(readZones({ evidence, zoneNames: [], profileZone: 'Europe/Berlin' }).timeline).toEqual([{ fromMs: 0, zone: 'Europe/Berlin' }])
})

test('one offset, and samples that name their zones: a journey out and back, changed half way between what was seen', () => {
  const evidence = evidenceOf([
    { from: '2024-01-01T00:00:00Z', days: 10, offset: 0, zone: 0 },
    { from: '2024-01-11T12:00:00Z', days: 5, offset: 0, zone: 1 },
    { from: '2024-01-17T00:00:00Z', days: 5, offset: 0, zone: 0 },
  ])
  const { timeline } = readZones({ evidence, zoneNames: ['America/New_York', 'Asia/Tokyo'] })
  expect(timeline.map(({ zone }) => zone)).toEqual(['America/New_York', 'Asia/Tokyo', 'America/New_York'])
  expect(timeline[1]?.fromMs).toBeGreaterThan(at('2024-01-10T23:00:00Z'))
  expect(timeline[1]?.fromMs).toBeLessThanOrEqual(at('2024-01-11T12:00:00Z'))
  expect(timeline[2]?.fromMs).toBeGreaterThan(at('2024-01-16T11:00:00Z'))
  expect(timeline[2]?.fromMs).toBeLessThanOrEqual(at('2024-01-17T00:00:00Z'))
})

test('offsets that go with the summer time of one zone are that zone, not a journey', () => {
  const offset = offsetIn('Europe/Berlin')
  const evidence = evidenceOf([{ from: '2023-01-01T00:00:00Z', days: 500, offset }])
  const { timeline, offsets } = readZones({ evidence, zoneNames: [], profileZone: 'Europe/Berlin' })
  expect([timeline, offsets]).toEqual([[{ fromMs: 0, zone: 'Europe/Berlin' }], 'exporter'])
})

test('offsets of capture: each span has the zone that explains it, else the offset', () => {
  const evidence = evidenceOf([
    { from: '2024-01-01T00:00:00Z', days: 10, offset: -300 },
    { from: '2024-01-11T12:00:00Z', days: 5, offset: 330 },
    { from: '2024-01-17T00:00:00Z', days: 5, offset: -300 },
  ])
  const { timeline, offsets } = readZones({ evidence, zoneNames: [], profileZone: 'America/New_York' })
  expect(offsets).toBe('capture')
  expect(timeline).toEqual([
    { fromMs: 0, zone: 'America/New_York' },
    { fromMs: at('2024-01-11T12:00:00Z'), zone: '+05:30' },
    { fromMs: at('2024-01-17T00:00:00Z'), zone: 'America/New_York' },
  ])
})

const lived = [
  { fromMs: 0, zone: 'America/New_York' },
  { fromMs: at('2023-06-01T00:00:00Z'), zone: 'Europe/London' },
  { fromMs: at('2023-06-10T00:00:00Z'), zone: 'America/New_York' },
]

test('a file that names no zone changes nothing of what was known before', () => {
  const stored = { timeline: lived, untilMs: at('2023-07-01T00:00:00Z') }
  const evidence = evidenceOf([{ from: '2024-01-01T00:00:00Z', days: 2, offset: 0 }])
  expect(readZones({ evidence, zoneNames: [], stored })).toMatchObject(stored)
})

test.each([
  ['2024-06-01T00:00:00Z', [{ fromMs: at('2024-01-03T00:00:00Z'), zone: 'America/New_York' }]],
  ['2023-12-01T00:00:00Z', []],
])('known until %s: a file of two days in Tokyo tells of these days, and what was seen after them still holds', (until, after) => {
  const evidence = evidenceOf([{ from: '2024-01-01T00:00:00Z', days: 2, offset: 0, zone: 0 }])
  const stored = { timeline: lived, untilMs: at(until) }
  const { timeline, untilMs } = readZones({ evidence, zoneNames: ['Asia/Tokyo'], stored })
  expect(timeline).toEqual([...lived, { fromMs: at('2024-01-01T00:00:00Z'), zone: 'Asia/Tokyo' }, ...after])
  expect(untilMs).toBe(Math.max(at('2024-01-03T00:00:00Z'), at(until)))
})

test('zones in another letter case are the zone; abbreviations, offsets and inventions are none', () => {
  const evidence = evidenceOf([0, 1, 2, 3].map((zone) => ({ from: `2024-01-0${zone + 1}T00:00:00Z`, days: 1, offset: 0, zone })))
  const { timeline } = readZones({ evidence, zoneNames: ['EST', 'asia/tokyo', '+05:00', '../etc/passwd'] })
  expect(timeline).toEqual([{ fromMs: 0, zone: 'Asia/Tokyo' }])
})

test('nothing seen at all is UTC; times before 1970 and after 2090 tell nothing', () => {
  const evidence = clockEvidence()
  evidence.note(-1, 60, -1)
  evidence.note(at('2200-01-01T00:00:00Z'), 60, -1)
  expect(readZones({ evidence, zoneNames: [] }).timeline).toEqual([{ fromMs: 0, zone: '+00:00' }])
})

test('the last offset seen in an hour counts', () => {
  const evidence = clockEvidence()
  evidence.note(at('2024-01-01T00:10:00Z'), 60, 0)
  evidence.note(at('2024-01-01T00:50:00Z'), 120, -1)
  const known: number[][] = []
  evidence.offsets((...each) => known.push(each))
  evidence.zones((...each) => known.push(each))
  expect(known).toEqual([
    [at('2024-01-01T00:00:00Z') / hour, 120],
    [at('2024-01-01T00:00:00Z') / hour, 0],
  ])
})

test.each([
  [0, '+00:00'],
  [-480, '-08:00'],
  [345, '+05:45'],
  [-30, '-00:30'],
])('%i minutes are %s', (minutes, name) => expect(offsetName(minutes)).toBe(name))
