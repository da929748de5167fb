import { type Device, deviceAttributes, escapeXml } from './devices.ts'
import { hashText, mix } from './dice.ts'
import type { Person } from './person.ts'
import { isLate } from './samples.ts'
import { makeStamp, type Stamp } from './stamp.ts'
import { blankTotals, type Totals } from './totals.ts'

/** `first`: the export made right after the last day. `late`: only what was missing in it. `all`: the second export, three days later. */
export type Part = 'first' | 'late' | 'all'

export interface RecordText {
  readonly type: string
  readonly device: Device
  readonly unit?: string
  readonly value: string
  readonly fromMs: number
  readonly toMs: number
  readonly metadata?: readonly (readonly [key: string, value: string])[]
  readonly beats?: readonly { readonly bpm: number; readonly ms: number }[]
  /** Counted among the totals of that name. */
  readonly doubt?: 'duplicates' | 'unknownTypes' | 'unknownUnits' | 'outOfRange'
  readonly isNested?: boolean
}

export interface Writer {
  readonly part: Part
  readonly stamp: Stamp
  readonly exportMs: number
  readonly totals: Totals
  record(text: RecordText): void
  /** Counts the entries it returns: call it only for what is written. */
  metadata(entries: readonly (readonly [key: string, value: string])[], indent: string): string
  write(text: string): void
  /** The pieces that are full; each is handed out once. */
  full(): string[]
  /** What is left at the end. */
  rest(): string
}

export interface WriterOptions {
  readonly part: Part
  readonly offsets: 'exporter' | 'capture'
}

const pieceSize = 65536
const minuteMs = 60000
const secondExportMs = 3 * 86400000

export function makeWriter(person: Person, { part, offsets }: WriterOptions): Writer {
  const { originMs, minutes, timeline, home } = person.calendar
  const firstExportMs = originMs + (minutes + 20) * minuteMs
  const exportMs = part === 'first' ? firstExportMs : firstExportMs + secondExportMs
  const stamp = makeStamp(offsets, timeline, home, exportMs)
  const totals = blankTotals()
  let waiting: string[] = []
  let size = 0
  let full: string[] = []
  const rest = () => {
    const text = waiting.join('')
    waiting = []
    size = 0
    return text
  }
  const write = (text: string) => {
    waiting.push(text)
    size += text.length
    if (size >= pieceSize) full.push(rest())
  }
  const metadata: Writer['metadata'] = (entries, indent) => {
    totals.metadata += entries.length
    return entries.map(([key, value]) => `${indent}<MetadataEntry key="${escapeXml(key)}" value="${escapeXml(value)}"/>\n`).join('')
  }
  const createdMs = (text: RecordText, isOfLateBatch: boolean, chance: number) => {
    if (isOfLateBatch) return firstExportMs + secondExportMs / 2
    return text.toMs + (chance % 900) * 1000 + (text.doubt === 'duplicates' ? 86400000 : 0)
  }
  const record = (text: RecordText) => {
    const isOfLateBatch = text.device === 'watch' && isLate(person, Math.floor((text.fromMs - originMs) / minuteMs))
    if (part !== 'all' && isOfLateBatch !== (part === 'late')) return
    const chance = mix(hashText(text.type), Math.floor(text.fromMs / 1000) + (text.doubt === 'duplicates' ? 5 : 0))
    const day = Math.floor((text.fromMs - originMs) / 86400000)
    const indent = text.isNested ? '  ' : ' '
    const head = `${indent}<Record type="${text.type}"${deviceAttributes(text.device, day, chance)}${unitAttribute(text.unit)}`
    const created = stamp.date(createdMs(text, isOfLateBatch, chance))
    const dates = ` creationDate="${created}" startDate="${stamp.date(text.fromMs)}" endDate="${stamp.date(text.toMs)}"`
    const inner = metadata(text.metadata ?? [], `${indent} `) + beatList(text.beats, stamp)
    write(`${head}${dates} value="${text.value}"${inner === '' ? '/>\n' : `>\n${inner}${indent}</Record>\n`}`)
    count(totals, text, isOfLateBatch)
  }
  return {
    part,
    stamp,
    exportMs,
    totals,
    record,
    metadata,
    write,
    rest,
    full: () => {
      const pieces = full
      full = []
      return pieces
    },
  }
}

function unitAttribute(unit: string | undefined): string {
  return unit === undefined ? '' : ` unit="${escapeXml(unit)}"`
}

function beatList(beats: RecordText['beats'], stamp: Stamp): string {
  if (beats === undefined) return ''
  const lines = beats.map(({ bpm, ms }) => `   <InstantaneousBeatsPerMinute bpm="${bpm}" time="${stamp.clock(ms)}"/>\n`)
  return `  <HeartRateVariabilityMetadataList>\n${lines.join('')}  </HeartRateVariabilityMetadataList>\n`
}

function count(totals: Totals, { type, doubt, isNested, beats }: RecordText, isOfLateBatch: boolean) {
  totals.beats += beats?.length ?? 0
  if (isNested) {
    totals.nested++
    return
  }
  totals.records++
  totals.byType[type] = (totals.byType[type] ?? 0) + 1
  if (doubt !== undefined) totals[doubt]++
  if (isOfLateBatch) totals.late++
}
