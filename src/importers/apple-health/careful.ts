import { readBeats } from './beats.ts'
import { carefulDate } from './careful-date.ts'
import { readNumber } from './numbers.ts'
import { addBeats, addRow, type RowWriter } from './row-writer.ts'
import { Bits } from './rows.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

const encoder = new TextEncoder()

/** A record that was read attribute by attribute, with its children. */
export interface CarefulRecord {
  readonly attributes: ReadonlyMap<string, string>
  readonly metadata: Record<string, string>
  readonly beats: readonly ReadonlyMap<string, string>[]
  readonly nested: boolean
}

/** Kept when it has a type, a source and two dates in order, else rejected with the reason. */
export function careful(vocabulary: Vocabulary, rows: RowWriter, tally: Tally, record: CarefulRecord, place: string): void {
  const { nested } = record
  if (nested) tally.counts.nested++
  else {
    tally.counts.records++
    tally.counts.received++
  }
  const code = write(vocabulary, rows, tally, record)
  if (code === undefined) return
  tally.note(code, place)
  if (!nested) tally.counts.rejected++
}

/** The code of what is wrong, or undefined when the record became a row. */
function write(
  vocabulary: Vocabulary,
  rows: RowWriter,
  tally: Tally,
  { attributes, metadata, beats, nested }: CarefulRecord,
): string | undefined {
  const type = attributes.get('type')
  const source = attributes.get('sourceName')
  if (!type || !source) return 'required'
  const start = carefulDate(attributes.get('startDate') ?? '')
  const end = carefulDate(attributes.get('endDate') ?? '')
  if (typeof start === 'string') return start
  if (typeof end === 'string') return end
  if (end.ms < start.ms) return 'end_before_start'
  const created = carefulDate(attributes.get('creationDate') ?? '')
  const createdMs = typeof created === 'string' ? Number.NaN : created.ms
  const unit = attributes.get('unit') ?? null
  const known = metadataOf(vocabulary, metadata)
  const { value, bits } = readValue(vocabulary, attributes.get('value'), unit !== null)
  const origin = vocabulary.originNamed(source, attributes.get('sourceVersion') ?? null, deviceWords(attributes.get('device')))
  const place = vocabulary.place(start.offsetMinutes, known.zone)
  const nestedBit = nested ? Bits.NESTED : 0
  const early = createdMs < start.ms ? Bits.CREATED_EARLY : 0
  const leap = start.isLeapSecond || end.isLeapSecond ? Bits.LEAP_SECOND : 0
  addRow(
    rows,
    start.ms,
    end.ms,
    value,
    createdMs,
    known.position,
    vocabulary.kindNamed(type, unit),
    origin,
    place,
    bits | known.bits | nestedBit | early | leap,
  )
  if (beats.length === 0) return undefined
  // As Apple writes them, so that one reader knows the forms of clock times.
  const list = beats.map((beat) => `<InstantaneousBeatsPerMinute bpm="${beat.get('bpm') ?? ''}" time="${beat.get('time') ?? ''}"/>`)
  const span = encoder.encode(`<HeartRateVariabilityMetadataList>${list.join('')}`)
  const found = readBeats(span, 0, span.length, start.ms, start.secondOfDay)
  addBeats(rows, found, vocabulary.beatKind(), origin, place, nestedBit)
  tally.counts.beats += found.count
  if (found.unread > 0) tally.note('beat_time_unreadable', `${found.unread} beats of one record`)
  return undefined
}

function readValue(vocabulary: Vocabulary, text: string | undefined, hasUnit: boolean): { value: number; bits: number } {
  if (text === undefined) return { value: Number.NaN, bits: 0 }
  const bytes = encoder.encode(text)
  const number = hasUnit ? readNumber(bytes, 0, bytes.length) : Number.NaN
  if (!Number.isNaN(number)) return { value: number, bits: 0 }
  return { value: vocabulary.put(text), bits: Bits.TEXT }
}

export function metadataOf(vocabulary: Vocabulary, metadata: Record<string, string>): { position: number; bits: number; zone: number } {
  const entries = Object.entries(metadata)
  if (entries.length === 0) return { position: 0, bits: 0, zone: -1 }
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
  const span = encoder.encode(entries.map(([key, value]) => `<MetadataEntry key="${escaped(key)}" value="${escaped(value)}"/>`).join(''))
  return vocabulary.metadata(span, new DataView(span.buffer), 0, span.length)
}

/** HKDevice without the memory address that differs for each record. */
function deviceWords(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  return text.replace(/^<<HKDevice: 0x[0-9a-fA-F]+>(?:, )?/, '')
}
