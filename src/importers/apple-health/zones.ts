import { canonicalZone } from '../../model/time.ts'
import type { StoredZones, ZoneSpan } from '../../model/zone.ts'

/** Where the clock stood, hour by hour from 1970 to 2090, as far as the file tells. */
export interface ClockEvidence {
  note(startMs: number, offsetMinutes: number, zone: number): void
  /** Minutes, for the epoch hours that have an offset. */
  readonly offsets: Hours<number>
  readonly zones: Hours<number>
}

/** Goes through hours, ascending, and what is known of each: years of them are many, so that nothing is made of one. */
type Hours<T> = (visit: (hour: number, known: T) => void) => void

export const HOUR_MS = 3_600_000
const HOURS = 120 * 366 * 24
const NONE = -32_768

export function clockEvidence(): ClockEvidence {
  const offsets = new Int16Array(HOURS).fill(NONE)
  const zones = new Int16Array(HOURS).fill(-1)
  let first = HOURS
  let last = -1
  const present =
    (of: Int16Array, none: number): Hours<number> =>
    (visit) => {
      for (let hour = first; hour <= last; hour++) if (of[hour] !== none) visit(hour, of[hour] as number)
    }
  return {
    note(startMs, offsetMinutes, zone) {
      const hour = Math.floor(startMs / HOUR_MS)
      if (hour < 0 || hour >= HOURS) return
      if (hour < first) first = hour
      if (hour > last) last = hour
      offsets[hour] = offsetMinutes
      zones[hour] = zone >= 0 ? zone : (zones[hour] as number)
    },
    offsets: present(offsets, NONE),
    zones: present(zones, -1),
  }
}

export interface ZoneKnowledge {
  readonly evidence: ClockEvidence
  /** The words that `evidence.zones` counts. */
  readonly zoneNames: readonly string[]
  /** What is known of the person: their zone, and where they were before. */
  readonly profileZone?: string
  readonly stored?: StoredZones
}

export interface ZoneReading extends StoredZones {
  /** `exporter`: the file's offsets say where the export was made; `capture`: where each sample was taken. */
  readonly offsets: 'exporter' | 'capture'
}

/**
 * Real exports write every date with the offset of the phone at export; only HKTimeZone says where a sample was taken. Other writers
 * give each sample its own offset. One constant offset, or offsets that one zone explains, are the exporter's: then HKTimeZone decides,
 * and the profile's zone where there is none. Otherwise the offsets decide.
 */
export function readZones({ evidence, zoneNames, profileZone, stored }: ZoneKnowledge): ZoneReading {
  const names = zoneNames.map(canonicalZone)
  // What is no zone is as good as none: the profile's zone stands.
  const seen: Hours<string> = (visit) =>
    evidence.zones((hour, zone) => {
      const name = names[zone]
      if (name !== undefined) visit(hour, name)
    })
  const distinct = new Set<number>()
  evidence.offsets((_, offset) => distinct.add(offset))
  const candidates = new Set(profileZone === undefined ? [] : [profileZone])
  seen((_, name) => candidates.add(name))
  const explaining = [...candidates].find((zone) => explains(zone, evidence.offsets))
  if (distinct.size > 1 && explaining === undefined)
    return { ...fromOffsets(evidence.offsets, [...candidates], stored), offsets: 'capture' }
  const base = profileZone ?? explaining ?? mostCommon(seen) ?? offsetName([...distinct][0] ?? 0)
  return { ...withStored(fromZones(seen, base), seen, stored), offsets: 'exporter' }
}

function explains(zone: string, offsets: Hours<number>): boolean {
  const offsetAt = offsetReader(zone)
  let isSo = true
  offsets((hour, offset) => {
    isSo &&= offsetAt(hour * HOUR_MS) === offset
  })
  return isSo
}

/** Offset of a zone in minutes at ascending instants; asks the calendar only at its transitions. */
function offsetReader(zone: string): (ms: number) => number {
  let from = 0
  let until = 0
  let offset = 0
  return (ms) => {
    if (ms < from || ms >= until) {
      const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
      offset = at.offsetNanoseconds / 60e9
      from = ms
      until = at.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY
    }
    return offset
  }
}

function mostCommon(seen: Hours<string>): string | undefined {
  const counts = new Map<string, number>()
  seen((_, word) => counts.set(word, (counts.get(word) ?? 0) + 1))
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

export function offsetName(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
}

/** The zone changes half way between the last hour seen in the old zone and the first in the new. */
function fromZones(seen: Hours<string>, base: string): ZoneSpan[] {
  const spans: ZoneSpan[] = []
  let lastHour = 0
  seen((hour, zone) => {
    if (spans.length === 0) spans.push({ fromMs: 0, zone })
    else if (spans.at(-1)?.zone !== zone) spans.push({ fromMs: Math.floor((hour + lastHour + 1) / 2) * HOUR_MS, zone })
    lastHour = hour
  })
  return spans.length > 0 ? spans : [{ fromMs: 0, zone: base }]
}

/** Outside the time that this file tells of, what was known before still holds. */
function withStored(spans: readonly ZoneSpan[], seen: Hours<unknown>, stored: StoredZones | undefined): StoredZones {
  let first = -1
  let last = 0
  seen((hour) => {
    if (first < 0) first = hour
    last = hour
  })
  if (first < 0) return stored ?? { timeline: spans, untilMs: 0 }
  const fromMs = first * HOUR_MS
  const toMs = (last + 1) * HOUR_MS
  if (!stored || stored.timeline.length === 0) return { timeline: spans, untilMs: toMs }
  const before = stored.timeline.filter((span) => span.fromMs < fromMs)
  const after = stored.timeline.filter((span) => span.fromMs > toMs)
  const here = spans.map((span, index) => (index === 0 && before.length > 0 ? { ...span, fromMs } : span))
  const resumed = stored.untilMs > toMs ? stored.timeline.findLast((span) => span.fromMs <= toMs) : undefined
  const tail = resumed ? [{ fromMs: toMs, zone: resumed.zone }] : []
  return { timeline: joined([...before, ...here, ...tail, ...after]), untilMs: Math.max(toMs, stored.untilMs) }
}

function joined(spans: readonly ZoneSpan[]): ZoneSpan[] {
  return spans.filter((span, index) => index === 0 || span.zone !== spans[index - 1]?.zone)
}

function fromOffsets(offsets: Hours<number>, candidates: readonly string[], stored: StoredZones | undefined): StoredZones {
  const readers = candidates.map((zone) => ({ zone, at: offsetReader(zone) }))
  const zoneOf = (ms: number, offset: number) => readers.find((reader) => reader.at(ms) === offset)?.zone ?? offsetName(offset)
  const spans: ZoneSpan[] = []
  offsets((hour, offset) => {
    const zone = zoneOf(hour * HOUR_MS, offset)
    if (spans.at(-1)?.zone !== zone) spans.push({ fromMs: spans.length === 0 ? 0 : hour * HOUR_MS, zone })
  })
  return withStored(spans, offsets, stored)
}
