import { carefulDate } from './careful-date.ts'
import { readNumber } from './numbers.ts'
import type { RowWriter } from './row-writer.ts'
import { Bits, MISSING } from './rows.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

const encoder = new TextEncoder()

/** A record whose attributes were read one by one: kept when it has a type, a source and two dates in order, else rejected with the reason. */
export function careful(
  vocabulary: Vocabulary,
  rows: RowWriter,
  tally: Tally,
  attributes: ReadonlyMap<string, string>,
  metadata: Record<string, string>,
  nested: boolean,
  place: string,
): void {
  if (nested) tally.counts.nested++
  else {
    tally.counts.records++
    tally.counts.received++
  }
  const reject = (code: string) => {
    tally.note(code, place)
    if (!nested) tally.counts.rejected++
  }
  const type = attributes.get('type')
  const source = attributes.get('sourceName')
  if (!type || !source) return reject('required')
  const start = carefulDate(attributes.get('startDate') ?? '')
  const end = carefulDate(attributes.get('endDate') ?? '')
  if (typeof start === 'string') return reject(start)
  if (typeof end === 'string') return reject(end)
  if (end.ms < start.ms) return reject('end_before_start')
  const created = carefulDate(attributes.get('creationDate') ?? '')
  const unit = attributes.get('unit')
  const known = metadataOf(vocabulary, metadata)
  const bits = (nested ? Bits.NESTED : 0) | known.bits | (typeof created !== 'string' && created.ms < start.ms ? Bits.CREATED_EARLY : 0)
  const text = attributes.get('value')
  const bytes = encoder.encode(text ?? '')
  const number = unit === undefined || text === undefined ? Number.NaN : readNumber(bytes, 0, bytes.length)
  const isText = text !== undefined && Number.isNaN(number)
  rows.add(
    start.ms,
    end.ms,
    isText ? vocabulary.text(bytes, new DataView(bytes.buffer), 0, bytes.length) : number,
    typeof created === 'string' ? MISSING : Math.round((created.ms - end.ms) / 1000),
    known.position,
    vocabulary.kindNamed(type, unit ?? null),
    vocabulary.originNamed(source, attributes.get('sourceVersion') ?? null, deviceWords(attributes.get('device'))),
    vocabulary.place(start.offsetMinutes, known.zone),
    bits | (isText ? Bits.TEXT : 0),
  )
}

export function metadataOf(vocabulary: Vocabulary, metadata: Record<string, string>): { position: number; bits: number; zone: number } {
  const entries = Object.entries(metadata)
  if (entries.length === 0) return { position: 0, bits: 0, zone: -1 }
  const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
  const span = encoder.encode(entries.map(([key, value]) => `<MetadataEntry key="${escape(key)}" value="${escape(value)}"/>`).join(''))
  return vocabulary.metadata(span, new DataView(span.buffer), 0, span.length)
}

/** HKDevice without the memory address that differs for each record. */
function deviceWords(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  return text.replace(/^<<HKDevice: 0x[0-9a-fA-F]+>, /, '')
}
