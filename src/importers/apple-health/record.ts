import { readBeats } from './beats.ts'
import { DATE_BYTES, dateReader } from './dates.ts'
import type { ByteDictionary } from './dictionary.ts'
import { readNumberInto } from './numbers.ts'
import { addBeats, CREATED, END, type RowWriter, START, VALUE } from './row-writer.ts'
import { Bits } from './rows.ts'
import { tagEnd } from './tag.ts'
import type { Tally } from './tally.ts'
import { metadataTemplate, metadataTemplates, recordTemplate, recordTemplates, sameBytes, TEMPLATES } from './templates.ts'
import type { Vocabulary } from './vocabulary.ts'

/** More bytes are needed. */
export const INCOMPLETE = -1
/** Not in the form that Apple writes: the careful reader decides. */
export const UNUSUAL = -2

const { NESTED, CREATED_EARLY } = Bits
const QUOTE = 0x22
const LESS = 0x3c
const SLASH = 0x2f
const GREATER = 0x3e
const EQUALS = 0x3d
const TEXT_LIMIT = 60_000
const ADDRESS_PREFIX = new TextEncoder().encode('&lt;&lt;HKDevice: 0x')
const ADDRESS_END = new TextEncoder().encode('&gt;, ')
const HEX = Uint8Array.from({ length: 256 }, (_, byte) => (/[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0))
const literal = (text: string) => new DataView(new TextEncoder().encode(text).buffer)
const START_DATE = literal('" startDate="')
const END_DATE = literal('" endDate="')
const VALUE_IS = literal('" value="')

/**
 * Reads one `<Record …>` with its children from bytes into a row. This is the hot path: 9 attributes, three dates and the metadata of
 * 2.3 million records a gigabyte, so no strings and no objects. Most records begin as one of the last few did and are read by that
 * template; the others attribute by attribute, in any order. What neither can read is UNUSUAL.
 * The bytes at `to` must be a `"` (a sentinel), and 64 KiB after it must be readable.
 */
export function recordReader(vocabulary: Vocabulary, rows: RowWriter, tally: Tally) {
  const { types, units, sources, versions, devices } = vocabulary
  const date = dateReader()
  const { ms } = date
  const templates = recordTemplates()
  const spans = metadataTemplates()
  // What the record says, filled by one of the two ways. Outside the function, since an object a record would be slow.
  let kind = 0
  let origin = 0
  let hasUnit = false
  // Doubles in an array: as variables of a closure each assignment would allocate.
  const { next } = rows
  let offsetMinutes = 0
  let secondOfDay = 0
  let valueFrom = 0
  let valueTo = 0
  let closed = false
  let metadata = 0
  let bits = 0
  let zone = 0
  let place = 0
  let placeOffset = 0
  let placeZone = -2
  let beatsFrom = 0
  let beatsTo = 0
  let addressFrom = 0
  let addressTo = 0
  let wordId = -1

  /** Position of the quote after the attribute value that begins at `from`: its word is in `wordId`. */
  function word(dictionary: ByteDictionary, bytes: Uint8Array, view: DataView, from: number): number {
    let end = from
    while (bytes[end] !== QUOTE) end++
    wordId = end - from > TEXT_LIMIT ? -1 : dictionary.intern(bytes, view, from, end)
    return end
  }

  /** HKDevice descriptions begin with a memory address that differs for each record: it is not part of the word. */
  function device(bytes: Uint8Array, view: DataView, from: number): number {
    let at = from
    for (let k = 0; k < ADDRESS_PREFIX.length; k++) if (bytes[from + k] !== ADDRESS_PREFIX[k]) return word(devices, bytes, view, from)
    at += ADDRESS_PREFIX.length
    const hexFrom = at
    while (HEX[bytes[at] as number] === 1) at++
    for (let k = 0; k < ADDRESS_END.length; k++) if (bytes[at + k] !== ADDRESS_END[k]) return word(devices, bytes, view, from)
    addressFrom = hexFrom
    addressTo = at
    return word(devices, bytes, view, at + ADDRESS_END.length)
  }

  /** Position after the start tag by a template, or UNUSUAL when none fits. */
  function byTemplate(bytes: Uint8Array, view: DataView, from: number): number {
    for (let tried = 0; tried < TEMPLATES; tried++) {
      const template = templates.at(tried)
      if (!sameBytes(template.head, template.headLength, view, from)) continue
      let at = from + template.headLength
      if (template.tail !== null) {
        while (HEX[bytes[at] as number] === 1) at++
        if (!sameBytes(template.tail, template.tailLength, view, at)) continue
        at += template.tailLength
      }
      templates.use(tried)
      at = dates(bytes, view, at)
      if (at < 0) return UNUSUAL
      kind = template.kind
      origin = template.origin
      hasUnit = template.hasUnit
      return at
    }
    return UNUSUAL
  }

  /** From the value of creationDate to the end of the tag, as Apple writes it. */
  function dates(bytes: Uint8Array, view: DataView, from: number): number {
    if (!date.read(bytes, view, from)) return UNUSUAL
    next[CREATED] = ms[0] as number
    let at = from + DATE_BYTES
    if (!sameBytes(START_DATE, 13, view, at) || !date.read(bytes, view, at + 13)) return UNUSUAL
    next[START] = ms[0] as number
    offsetMinutes = date.offsetMinutes
    secondOfDay = date.secondOfDay
    at += 13 + DATE_BYTES
    if (!sameBytes(END_DATE, 11, view, at) || !date.read(bytes, view, at + 11)) return UNUSUAL
    next[END] = ms[0] as number
    at += 11 + DATE_BYTES
    if (!sameBytes(VALUE_IS, 9, view, at)) return UNUSUAL
    valueFrom = at + 9
    at = valueFrom
    while (bytes[at] !== QUOTE) at++
    valueTo = at
    closed = bytes[at + 1] === SLASH
    at += closed ? 2 : 1
    return bytes[at] === GREATER ? at + 1 : UNUSUAL
  }

  /** Position after the start tag, attribute by attribute. */
  function byAttribute(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    let at = from + 7
    let typeId = -1
    let unitId = -1
    let sourceId = -1
    let versionId = -1
    let deviceId = -1
    let createdAt = 0
    next[CREATED] = Number.NaN
    next[START] = Number.NaN
    next[END] = Number.NaN
    valueTo = -1
    closed = false
    addressFrom = 0
    while (at < to) {
      const byte = bytes[at] as number
      if (byte === 0x20 || byte === 0x0a) at++
      else if (byte === GREATER) {
        at++
        break
      } else if (byte === SLASH) {
        if (bytes[at + 1] !== GREATER) return at + 1 >= to ? INCOMPLETE : UNUSUAL
        closed = true
        at += 2
        break
      } else if (byte === 0x73 && bytes[at + 1] === 0x74) {
        if (!isNamed(bytes, at, 9, 5, 0x44) || !date.read(bytes, view, at + 11) || bytes[at + 11 + DATE_BYTES] !== QUOTE)
          return undecided(bytes, from, to)
        next[START] = ms[0] as number
        offsetMinutes = date.offsetMinutes
        secondOfDay = date.secondOfDay
        at += 12 + DATE_BYTES
      } else if (byte === 0x65) {
        if (!isNamed(bytes, at, 7, 3, 0x44) || !date.read(bytes, view, at + 9) || bytes[at + 9 + DATE_BYTES] !== QUOTE)
          return undecided(bytes, from, to)
        next[END] = ms[0] as number
        at += 10 + DATE_BYTES
      } else if (byte === 0x63) {
        if (!isNamed(bytes, at, 12, 8, 0x44) || !date.read(bytes, view, at + 14) || bytes[at + 14 + DATE_BYTES] !== QUOTE)
          return undecided(bytes, from, to)
        next[CREATED] = ms[0] as number
        createdAt = at + 14
        at += 15 + DATE_BYTES
      } else if (byte === 0x76) {
        if (!isNamed(bytes, at, 5, 1, 0x61)) return undecided(bytes, from, to)
        valueFrom = at + 7
        at = valueFrom
        while (bytes[at] !== QUOTE) at++
        valueTo = at++
      } else if (byte === 0x74) {
        if (!isNamed(bytes, at, 4, 1, 0x79)) return undecided(bytes, from, to)
        at = word(types, bytes, view, at + 6) + 1
        typeId = wordId
      } else if (byte === 0x75) {
        if (!isNamed(bytes, at, 4, 1, 0x6e)) return undecided(bytes, from, to)
        at = word(units, bytes, view, at + 6) + 1
        unitId = wordId
      } else if (byte === 0x64) {
        if (!isNamed(bytes, at, 6, 1, 0x65)) return undecided(bytes, from, to)
        at = device(bytes, view, at + 8) + 1
        deviceId = wordId
      } else if (byte === 0x73 && bytes[at + 6] === 0x4e) {
        if (!isNamed(bytes, at, 10, 9, 0x65)) return undecided(bytes, from, to)
        at = word(sources, bytes, view, at + 12) + 1
        sourceId = wordId
      } else if (byte === 0x73) {
        if (!isNamed(bytes, at, 13, 6, 0x56)) return undecided(bytes, from, to)
        at = word(versions, bytes, view, at + 15) + 1
        versionId = wordId
      } else return undecided(bytes, from, to)
    }
    if (at > to || (at === to && bytes[at - 1] !== GREATER)) return INCOMPLETE
    if (typeId < 0 || sourceId < 0 || Number.isNaN(next[START] as number) || Number.isNaN(next[END] as number)) return UNUSUAL
    kind = vocabulary.kind(typeId, unitId)
    origin = vocabulary.origin(sourceId, versionId, deviceId)
    hasUnit = unitId >= 0
    learn(bytes, view, from, at, createdAt)
    return at
  }

  /** A record that goes on from creationDate as Apple writes it becomes a template for those after it. */
  function learn(bytes: Uint8Array, view: DataView, from: number, to: number, createdAt: number): void {
    if (createdAt === 0) return
    const createdMs = next[CREATED]
    const wasClosed = closed
    if (dates(bytes, view, createdAt) === to && next[CREATED] === createdMs && closed === wasClosed) {
      const template = recordTemplate(bytes, from, addressFrom, addressTo, createdAt, { kind, origin, hasUnit })
      if (template) templates.add(template)
    }
  }

  /** From the end of the start tag to after `</Record>`; INCOMPLETE or UNUSUAL. */
  function children(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    for (let tried = 0; tried < TEMPLATES; tried++) {
      const template = spans.at(tried)
      if (!sameBytes(template.span, template.length, view, from)) continue
      spans.use(tried)
      metadata = template.position
      bits |= template.bits
      zone = template.zone
      return from + template.length
    }
    return eachChild(bytes, view, from, to)
  }

  function eachChild(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    let metadataFrom = 0
    let metadataTo = 0
    let at = from
    for (;;) {
      while (at < to && bytes[at] !== LESS) at++
      if (at + 9 > to) return INCOMPLETE
      const next = bytes[at + 1]
      if (next === SLASH) break
      if (next === 0x4d) {
        // <MetadataEntry
        if (metadataFrom === 0) metadataFrom = at
        else if (beatsTo > metadataTo) return UNUSUAL
        at = quickTagEnd(bytes, at, to)
        if (at < 0) return INCOMPLETE
        if (bytes[at - 1] !== SLASH) return UNUSUAL
        metadataTo = ++at
      } else if (next === 0x48 && beatsFrom === 0) {
        // <HeartRateVariabilityMetadataList>
        beatsFrom = at
        at = listEnd(bytes, at, to)
        if (at < 0) return at
        beatsTo = at
      } else return UNUSUAL
    }
    if (!isRecordEnd(bytes, at)) return UNUSUAL
    if (metadataTo > 0) {
      const known = vocabulary.metadata(bytes, view, metadataFrom, metadataTo)
      metadata = known.position
      bits |= known.bits
      zone = known.zone
      const template = beatsTo > 0 ? undefined : metadataTemplate(bytes, from, at + 9, known)
      if (template) spans.add(template)
    }
    return at + 9
  }

  function emit(bytes: Uint8Array, view: DataView, nested: boolean): void {
    if (valueTo < 0 || !hasUnit || !readNumberInto(next, VALUE, bytes, valueFrom, valueTo)) otherValue(bytes, view)
    bits |= (next[CREATED] as number) < (next[START] as number) ? CREATED_EARLY : 0
    if (offsetMinutes !== placeOffset || zone !== placeZone) placeAgain()
    rows.add(metadata, kind, origin, place, bits)
    const isTop = nested ? 0 : 1
    tally.counts.nested += 1 - isTop
    tally.counts.records += isTop
    tally.counts.received += isTop
    if (beatsTo > 0) emitBeats(bytes)
  }

  function otherValue(bytes: Uint8Array, view: DataView): void {
    next[VALUE] = valueTo < 0 ? Number.NaN : vocabulary.text(bytes, view, valueFrom, valueTo)
    if (valueTo >= 0) bits |= Bits.TEXT
  }

  function placeAgain(): void {
    place = vocabulary.place(offsetMinutes, zone)
    placeOffset = offsetMinutes
    placeZone = zone
  }

  function emitBeats(bytes: Uint8Array): void {
    const beats = readBeats(bytes, beatsFrom, beatsTo, next[START] as number, secondOfDay)
    addBeats(rows, beats, vocabulary.beatKind(), origin, place, bits & Bits.NESTED)
    tally.counts.beats += beats.count
    if (beats.unread > 0) tally.note('beat_time_unreadable', `${beats.unread} beats of one record`)
  }

  return function read(bytes: Uint8Array, view: DataView, from: number, to: number, nested: boolean): number {
    let at = byTemplate(bytes, view, from)
    if (at === UNUSUAL) at = byAttribute(bytes, view, from, to)
    if (at > to) return INCOMPLETE
    if (at < 0) return at
    if ((next[END] as number) < (next[START] as number) || valueTo - valueFrom > TEXT_LIMIT) return UNUSUAL
    bits = nested ? NESTED : 0
    metadata = 0
    zone = -1
    beatsFrom = 0
    beatsTo = 0
    if (!closed) {
      at = children(bytes, view, at, to)
      if (at > to) return INCOMPLETE
      if (at < 0) return at
    }
    emit(bytes, view, nested)
    return at
  }
}

/** A name of this length and with this letter stands at `at`, and `="` after it: with the first letter that is enough to tell the nine names apart. */
function isNamed(bytes: Uint8Array, at: number, length: number, place: number, letter: number): boolean {
  return bytes[at + length] === EQUALS && bytes[at + length + 1] === QUOTE && bytes[at + place] === letter
}

function undecided(bytes: Uint8Array, from: number, to: number): number {
  return tagEnd(bytes, from, to) < 0 ? INCOMPLETE : UNUSUAL
}

function isRecordEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 2] === 0x52 && bytes[at + 3] === 0x65 && bytes[at + 7] === 0x64 && bytes[at + 8] === GREATER
}

/** Position of the `>` of a tag whose quotes are double; −1 when it lies beyond `to`. */
function quickTagEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  for (;;) {
    while (at < to && bytes[at] !== QUOTE && bytes[at] !== GREATER) at++
    if (at >= to) return -1
    if (bytes[at] === GREATER) return at
    at++
    while (bytes[at] !== QUOTE) at++
    if (at >= to) return -1
    at++
  }
}

const LIST_END = new TextEncoder().encode('</HeartRateVariabilityMetadataList>')

/** `<InstantaneousBeatsPerMinute`, of which a list has dozens: its name need not be looked through. */
const BEAT_NAME = 28

function listEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== LESS) continue
    if (bytes[at + 1] === SLASH) return listEndAt(bytes, at, to)
    if (bytes[at + 1] === 0x49 && bytes[at + BEAT_NAME - 1] === 0x65) at += BEAT_NAME
  }
  return INCOMPLETE
}

function listEndAt(bytes: Uint8Array, at: number, to: number): number {
  if (at + LIST_END.length > to) return INCOMPLETE
  for (let k = 2; k < LIST_END.length; k++) if (bytes[at + k] !== LIST_END[k]) return UNUSUAL
  return at + LIST_END.length
}
