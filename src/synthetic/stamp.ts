import type { ZoneTimeline } from '../model/zone.ts'

/** Writes instants the way an export does. */
export interface Stamp {
  /** `2026-01-31 23:59:59 -0500`. */
  date(ms: number): string
  /** `11:59:59.37 PM`, a narrow no-break space (U+202F) before the last word. */
  clock(ms: number): string
}

interface Offset {
  readonly fromMs: number
  readonly minutes: number
}

/**
 * `exporter`: one offset for the whole file, that of the zone at the time of the export, as the Health app does. `capture`: the offset
 * that was in force when the thing happened.
 */
export function makeStamp(kind: 'exporter' | 'capture', timeline: ZoneTimeline, home: string, exportMs: number): Stamp {
  const offsets = kind === 'exporter' ? [{ fromMs: -Infinity, minutes: offsetMinutes(home, exportMs) }] : offsetsOf(timeline, exportMs)
  const dates = new Map<number, string>()
  const dateOf = (day: number) => {
    const known = dates.get(day)
    if (known !== undefined) return known
    const text = Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString()
    dates.set(day, text)
    return text
  }
  const wall = (ms: number) => {
    const minutes = offsets.findLast(({ fromMs }) => fromMs <= ms)?.minutes ?? 0
    const second = Math.floor(ms / 1000) + minutes * 60
    const day = Math.floor(second / 86400)
    return { minutes, day, second: second - day * 86400 }
  }
  return {
    date: (ms) => {
      const { minutes, day, second } = wall(ms)
      return `${dateOf(day)} ${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)} ${offsetText(minutes)}`
    },
    clock: (ms) => {
      const { second } = wall(ms)
      const hour = Math.floor(second / 3600)
      const fraction = two((ms % 1000) / 10)
      return `${hour % 12 || 12}:${two((second / 60) % 60)}:${two(second % 60)}.${fraction}\u202f${hour < 12 ? 'AM' : 'PM'}`
    },
  }
}

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return twoDigits[Math.floor(value)] ?? ''
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}${two(size % 60)}`
}

/** Every change of offset along the timeline: travel and clock changes. */
function offsetsOf(timeline: ZoneTimeline, endMs: number): Offset[] {
  return timeline.flatMap(({ fromMs, zone }, index) => {
    const untilMs = timeline[index + 1]?.fromMs ?? endMs
    const found: Offset[] = [{ fromMs: index === 0 ? -Infinity : fromMs, minutes: offsetMinutes(zone, fromMs) }]
    let change = at(zone, fromMs).getTimeZoneTransition('next')
    while (change !== null && change.epochMilliseconds < untilMs) {
      found.push({ fromMs: change.epochMilliseconds, minutes: offsetMinutes(zone, change.epochMilliseconds) })
      change = change.getTimeZoneTransition('next')
    }
    return found
  })
}

function offsetMinutes(zone: string, ms: number): number {
  return at(zone, ms).offsetNanoseconds / 60e9
}

function at(zone: string, ms: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
}
