import type { CalendarDay } from './calendar.ts'
import type { Device } from './devices.ts'
import { mix } from './dice.ts'
import { flag, has, type Span, spans } from './minutes.ts'
import type { Night } from './nights.ts'
import type { Person } from './person.ts'
import type { Writer } from './writer.ts'

/** By `stages`. */
const words = ['Awake', 'AsleepCore', 'AsleepDeep', 'AsleepREM'] as const

/**
 * The phone's frame around each night, the watch's stages, and a sleep app: roughly on some nights that the watch has seen, exactly on
 * those it has not. The zone of the place stands in the metadata, the only trace of travel in the file.
 */
export function writeSleep(person: Person, day: CalendarDay, writer: Writer) {
  const night = person.nights[day.index]
  if (night === undefined) return
  const write = (device: Device, word: string, { from, to }: Span) => {
    const ms = (minute: number) => person.calendar.originMs + minute * 60000
    const value = `HKCategoryValueSleepAnalysis${word}`
    writer.record({
      type: 'HKCategoryTypeIdentifierSleepAnalysis',
      device,
      value,
      fromMs: ms(from),
      toMs: ms(to),
      metadata: [['HKTimeZone', night.zone]],
    })
  }
  write('phone', 'InBed', { from: night.bed, to: night.rise })
  if (isWatched(person, night)) {
    for (const span of stageSpans(person, night)) write('watch', words[person.minutes.stage[span.from] ?? 0] ?? 'Awake', span)
    if (mix(person.seed, night.onset) % 10 < 3) write('sleepApp', 'AsleepUnspecified', { from: night.onset - 5, to: night.wake + 2 })
  } else {
    for (const span of asleepSpans(person, night)) write('sleepApp', 'AsleepUnspecified', span)
  }
  for (const nap of person.naps.filter(({ day: index }) => index === day.index)) {
    writer.record({
      type: 'HKCategoryTypeIdentifierSleepAnalysis',
      device: 'watch',
      value: 'HKCategoryValueSleepAnalysisAsleepCore',
      fromMs: person.calendar.originMs + nap.from * 60000,
      toMs: person.calendar.originMs + nap.to * 60000,
      metadata: [['HKTimeZone', nap.zone]],
    })
  }
}

/** Whether the watch was on the wrist from falling asleep to waking. */
export function isWatched({ minutes }: Person, { onset, wake }: Night): boolean {
  for (let minute = onset; minute < wake; minute++) if (!has(minutes, minute, flag.worn)) return false
  return true
}

function stageSpans({ minutes }: Person, { onset, wake }: Night): Span[] {
  return spans(
    onset,
    wake,
    (minute) => 1 + (minutes.stage[minute] ?? 0),
    () => 1440,
  )
}

function asleepSpans({ minutes }: Person, { onset, wake }: Night): Span[] {
  return spans(
    onset,
    wake,
    (minute) => ((minutes.stage[minute] ?? 0) > 0 ? 1 : 0),
    () => 1440,
  )
}
