import { readBeats } from './beats.ts'
import { DATE_BYTES, dateReader } from './dates.ts'
import type { ByteDictionary } from './dictionary.ts'
import { readNumber } from './numbers.ts'
import type { RowWriter } from './row-writer.ts'
import { Bits, MISSING } from './rows.ts'
import { tagEnd } from './tag.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

/** More bytes are needed. */
export const INCOMPLETE = -1
/** Not in the form that Apple writes: the careful reader decides. */
export const UNUSUAL = -2

const QUOTE = 0x22
const LESS = 0x3c
const SLASH = 0x2f
const GREATER = 0x3e
const EQUALS = 0x3d
const ADDRESS_PREFIX = new TextEncoder().encode('&lt;&lt;HKDevice: 0x')
const ADDRESS_END = new TextEncoder().encode('&gt;, ')

/**
 * Reads one `<Record …>` with its children from bytes into a row. This is the hot path: 9 attributes, three dates and the metadata of
 * 2.3 million records a gigabyte, so no strings and no objects; the last words seen are compared before anything is searched.
 * The bytes at `to` must be a `"` (a sentinel), and 64 KiB after it must be readable.
 */
export function recordReader(vocabulary: Vocabulary, rows: RowWriter, tally: Tally) {
  const { types, units, sources, versions, devices } = vocabulary
  const date = dateReader()
  let closed = false
  let metadataFrom = 0
  let metadataTo = 0
  let beatsFrom = 0
  let beatsTo = 0

  /** Position after the attribute value that begins at `from`: its word is in `wordId`. */
  let wordId = -1
  function word(dictionary: ByteDictionary, bytes: Uint8Array, view: DataView, from: number): number {
    wordId = dictionary.recent(bytes, view, from)
    if (wordId >= 0) return from + dictionary.length(wordId)
    let end = from
    while (bytes[end] !== QUOTE) end++
    wordId = end - from > 60_000 ? -1 : dictionary.intern(bytes, view, from, end)
    return end
  }

  /** HKDevice descriptions begin with a memory address that differs for each record: it is not part of the word. */
  function device(bytes: Uint8Array, view: DataView, from: number): number {
    let at = from
    for (let k = 0; k < ADDRESS_PREFIX.length; k++) if (bytes[from + k] !== ADDRESS_PREFIX[k]) return word(devices, bytes, view, from)
    at += ADDRESS_PREFIX.length
    while (isHex(bytes[at] as number)) at++
    for (let k = 0; k < ADDRESS_END.length; k++) if (bytes[at + k] !== ADDRESS_END[k]) return word(devices, bytes, view, from)
    return word(devices, bytes, view, at + ADDRESS_END.length)
  }

  /** Walks the children to `</Record>`; position after it, or INCOMPLETE / UNUSUAL. */
  function children(bytes: Uint8Array, from: number, to: number): number {
    metadataFrom = 0
    metadataTo = 0
    beatsFrom = 0
    beatsTo = 0
    let at = from
    for (;;) {
      while (at < to && bytes[at] !== LESS) at++
      if (at + 9 > to) return INCOMPLETE
      const next = bytes[at + 1]
      if (next === SLASH) {
        return isRecordEnd(bytes, at) ? at + 9 : UNUSUAL
      }
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
  }

  return function read(bytes: Uint8Array, view: DataView, from: number, to: number, nested: boolean): number {
    let at = from + 7
    let typeId = -1
    let unitId = -1
    let sourceId = -1
    let versionId = -1
    let deviceId = -1
    let createdMs = Number.NaN
    let startMs = Number.NaN
    let endMs = Number.NaN
    let offsetMinutes = 0
    let secondOfDay = 0
    let valueFrom = 0
    let valueTo = -1
    closed = false
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
        // startDate="
        if (!isNamed(bytes, at, 9, 5, 0x44) || !date.read(bytes, view, at + 11) || bytes[at + 11 + DATE_BYTES] !== QUOTE) return undecided(bytes, from, to)
        startMs = date.ms
        offsetMinutes = date.offsetMinutes
        secondOfDay = date.secondOfDay
        at += 12 + DATE_BYTES
      } else if (byte === 0x65) {
        // endDate="
        if (!isNamed(bytes, at, 7, 3, 0x44) || !date.read(bytes, view, at + 9) || bytes[at + 9 + DATE_BYTES] !== QUOTE) return undecided(bytes, from, to)
        endMs = date.ms
        at += 10 + DATE_BYTES
      } else if (byte === 0x63) {
        // creationDate="
        if (!isNamed(bytes, at, 12, 8, 0x44) || !date.read(bytes, view, at + 14) || bytes[at + 14 + DATE_BYTES] !== QUOTE) return undecided(bytes, from, to)
        createdMs = date.ms
        at += 15 + DATE_BYTES
      } else if (byte === 0x76) {
        // value="
        if (!isNamed(bytes, at, 5, 1, 0x61)) return undecided(bytes, from, to)
        valueFrom = at + 7
        at = valueFrom
        while (bytes[at] !== QUOTE) at++
        valueTo = at++
      } else if (byte === 0x74) {
        // type="
        if (!isNamed(bytes, at, 4, 1, 0x79)) return undecided(bytes, from, to)
        at = word(types, bytes, view, at + 6) + 1
        typeId = wordId
      } else if (byte === 0x75) {
        // unit="
        if (!isNamed(bytes, at, 4, 1, 0x6e)) return undecided(bytes, from, to)
        at = word(units, bytes, view, at + 6) + 1
        unitId = wordId
      } else if (byte === 0x64) {
        // device="
        if (!isNamed(bytes, at, 6, 1, 0x65)) return undecided(bytes, from, to)
        at = device(bytes, view, at + 8) + 1
        deviceId = wordId
      } else if (byte === 0x73 && bytes[at + 6] === 0x4e) {
        // sourceName="
        if (!isNamed(bytes, at, 10, 9, 0x65)) return undecided(bytes, from, to)
        at = word(sources, bytes, view, at + 12) + 1
        sourceId = wordId
      } else if (byte === 0x73) {
        // sourceVersion="
        if (!isNamed(bytes, at, 13, 6, 0x56)) return undecided(bytes, from, to)
        at = word(versions, bytes, view, at + 15) + 1
        versionId = wordId
      } else return undecided(bytes, from, to)
    }
    if (at > to || (at === to && bytes[at - 1] !== GREATER)) return INCOMPLETE
    if (typeId < 0 || sourceId < 0 || startMs !== startMs || endMs !== endMs || endMs < startMs) return UNUSUAL
    metadataTo = 0
    beatsTo = 0
    if (!closed) {
      at = children(bytes, at, to)
      if (at < 0) return at
    }
    let bits = nested ? Bits.NESTED : 0
    let metadata = 0
    let zone = -1
    if (metadataTo > 0) {
      const known = vocabulary.metadata(bytes, view, metadataFrom, metadataTo)
      metadata = known.position
      bits |= known.bits
      zone = known.zone
    }
    let value = Number.NaN
    if (valueTo >= 0) {
      if (unitId >= 0) value = readNumber(bytes, valueFrom, valueTo)
      if (value !== value) {
        if (valueTo - valueFrom > 60_000) return UNUSUAL
        value = vocabulary.text(bytes, view, valueFrom, valueTo)
        bits |= Bits.TEXT
      }
    }
    if (createdMs < startMs) bits |= Bits.CREATED_EARLY
    const place = vocabulary.place(offsetMinutes, zone)
    const origin = vocabulary.origin(sourceId, versionId, deviceId)
    rows.add(startMs, endMs, value, createdMs === createdMs ? (createdMs - endMs) / 1000 : MISSING, metadata, vocabulary.kind(typeId, unitId), origin, place, bits)
    if (nested) tally.counts.nested++
    else {
      tally.counts.records++
      tally.counts.received++
    }
    if (beatsTo > 0) {
      const beats = readBeats(bytes, beatsFrom, beatsTo, startMs, secondOfDay, (ms, bpm) =>
        rows.add(ms, ms, bpm, MISSING, 0, vocabulary.beatKind(), origin, place, Bits.BEAT | (bits & Bits.NESTED)),
      )
      tally.counts.beats += beats.read
      if (beats.unread > 0) tally.note('beat_time_unreadable', types.length(typeId) > 0 ? `${beats.unread} beats of one record` : '')
    }
    return at
  }
}

/** A name of this length and with this letter stands at `at`, and `="` after it: with the first letter that is enough to tell the nine names apart. */
function isNamed(bytes: Uint8Array, at: number, length: number, place: number, letter: number): boolean {
  return bytes[at + length] === EQUALS && bytes[at + length + 1] === QUOTE && bytes[at + place] === letter
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46)
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

function listEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== LESS || bytes[at + 1] !== SLASH) continue
    if (at + LIST_END.length > to) return INCOMPLETE
    for (let k = 2; k < LIST_END.length; k++) if (bytes[at + k] !== LIST_END[k]) return UNUSUAL
    return at + LIST_END.length
  }
  return INCOMPLETE
}
