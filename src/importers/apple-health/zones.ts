import { canonicalZone } from '../../model/time.ts'
import type { StoredZones, ZoneSpan } from '../../model/zone.ts'

/** Where the clock stood, hour by hour from 1970 to 2090, as far as the file tells. */
export interface ClockEvidence {
  note(startMs: number, offsetMinutes: number, zone: number): void
  /** Epoch hours that have an offset. */
  offsets(): Iterable<readonly [hour: number, offsetMinutes: number]>
  zones(): Iterable<readonly [hour: number, zone: number]>
}

const HOUR_MS = 3_600_000
const HOURS = 120 * 366 * 24
const NONE = -32_768

export function clockEvidence(): ClockEvidence {
  const offsets = new Int16Array(HOURS).fill(NONE)
  const zones = new Int16Array(HOURS).fill(-1)
  let first = HOURS
  let last = -1
  function* present(of: Int16Array, none: number): Iterable<readonly [number, number]> {
    for (let hour = first; hour <= last; hour++) if (of[hour] !== none) yield [hour, of[hour] as number]
  }
  return {
    note(startMs, offsetMinutes, zone) {
      const hour = Math.floor(startMs / HOUR_MS)
      if (hour < 0 || hour >= HOURS) return
      if (hour < first) first = hour
      if (hour > last) last = hour
      offsets[hour] = offsetMinutes
      if (zone >= 0) zones[hour] = zone
    },
    offsets: () => present(offsets, NONE),
    zones: () => present(zones, -1),
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
export function readZones(knowledge: ZoneKnowledge): ZoneReading {
  const offsets = [...knowledge.evidence.offsets()]
  // What is no zone is as good as none: the profile's zone stands.
  const names = knowledge.zoneNames.map(canonicalZone)
  const seen = [...knowledge.evidence.zones()].flatMap(([hour, zone]) => {
    const name = names[zone]
    return name === undefined ? [] : [[hour, name] as const]
  })
  const distinct = new Set(offsets.map(([, offset]) => offset))
  const candidates = [
    ...new Set([...(knowledge.profileZone === undefined ? [] : [knowledge.profileZone]), ...seen.map(([, name]) => name)]),
  ]
  const explaining = candidates.find((zone) => explains(zone, offsets))
  if (distinct.size > 1 && explaining === undefined) return { ...fromOffsets(offsets, candidates, knowledge.stored), offsets: 'capture' }
  const base = knowledge.profileZone ?? explaining ?? mostCommon(seen.map(([, name]) => name)) ?? offsetName(offsets[0]?.[1] ?? 0)
  return { ...withStored(fromZones(seen, base), seen, knowledge.stored), offsets: 'exporter' }
}

function explains(zone: string, offsets: readonly (readonly [number, number])[]): boolean {
  const offsetAt = offsetReader(zone)
  return offsets.every(([hour, offset]) => offsetAt(hour * HOUR_MS) === offset)
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

function mostCommon(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

export function offsetName(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
}

/** The zone changes half way between the last hour seen in the old zone and the first in the new. */
function fromZones(seen: readonly (readonly [number, string])[], base: string): ZoneSpan[] {
  const spans: ZoneSpan[] = [{ fromMs: 0, zone: seen[0]?.[1] ?? base }]
  let last = seen[0]
  for (const here of seen) {
    if (last && here[1] !== last[1]) spans.push({ fromMs: Math.floor((here[0] + last[0] + 1) / 2) * HOUR_MS, zone: here[1] })
    last = here
  }
  return spans
}

/** Outside the time that this file tells of, what was known before still holds. */
function withStored(
  spans: readonly ZoneSpan[],
  seen: readonly (readonly [number, string])[],
  stored: StoredZones | undefined,
): StoredZones {
  const first = seen[0]
  const last = seen.at(-1)
  if (!first || !last) return stored ?? { timeline: spans, untilMs: 0 }
  const fromMs = first[0] * HOUR_MS
  const toMs = (last[0] + 1) * HOUR_MS
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

function fromOffsets(
  offsets: readonly (readonly [number, number])[],
  candidates: readonly string[],
  stored: StoredZones | undefined,
): StoredZones {
  const readers = candidates.map((zone) => ({ zone, at: offsetReader(zone) }))
  const zoneOf = (ms: number, offset: number) => readers.find((reader) => reader.at(ms) === offset)?.zone ?? offsetName(offset)
  const seen = offsets.map(([hour, offset]) => [hour, zoneOf(hour * HOUR_MS, offset)] as const)
  const spans = seen.map(([hour, zone], index) => ({ fromMs: index === 0 ? 0 : hour * HOUR_MS, zone }))
  return withStored(joined(spans), seen, stored)
}
