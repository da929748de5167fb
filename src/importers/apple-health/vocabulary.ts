import { type MetricName, metricOfHealthKit } from '../../model/metrics.ts'
import { Problem } from '../../model/problem.ts'
import { type Conversion, conversion } from '../../model/units.ts'
import { type ByteDictionary, byteDictionary } from './dictionary.ts'
import type { Heap } from './heap.ts'
import { Bits } from './rows.ts'
import { decodeText, readTag } from './tag.ts'

/** What a record is: its type and the unit it was written in, and how to read it. */
export interface Kind {
  readonly type: string
  readonly unit: string | null
  readonly metric: MetricName | null
  /** Null where the unit is not known for the metric, or there is no metric. */
  readonly convert: Conversion | null
}

/** Who wrote it: the words of the file. */
export interface Origin {
  readonly sourceName: string
  readonly version: string | null
  /** HKDevice without its memory address. */
  readonly device: string | null
}

/** Where the clock stood. */
export interface Place {
  /** Offset as the file writes it, minutes east of UTC. */
  readonly offsetMinutes: number
  /** HKTimeZone of the record, if it has one. */
  readonly zone: string | null
}

const BEAT = 'InstantaneousBeatsPerMinute'

const MOST_WORDS = 60_000
const MOST_WORD_BYTES = 8 << 20
const MOST_REMEMBERED = 40_000
const MOST_REMEMBERED_BYTES = 8 << 20

/** No offset is as large. A whole number, since a NaN would make each key a boxed double. */
const NO_PLACE = 2 ** 30 - 1

function tooMany(): never {
  throw new Problem('xml_limits', `The file names more than ${MOST_WORDS} different types, sources or devices.`)
}

/** The words of one file, each met once. */
export function vocabularyOver(heap: Heap) {
  const types = byteDictionary(MOST_WORDS, MOST_WORD_BYTES, tooMany)
  const units = byteDictionary(MOST_WORDS, MOST_WORD_BYTES, tooMany)
  const sources = byteDictionary(MOST_WORDS, MOST_WORD_BYTES, tooMany)
  const versions = byteDictionary(MOST_WORDS, MOST_WORD_BYTES, tooMany)
  const devices = byteDictionary(MOST_WORDS, MOST_WORD_BYTES, tooMany)
  const kinds: Kind[] = []
  const origins: Origin[] = []
  const places: Place[] = []
  const zones: string[] = []
  const kindOf = new Map<number, number>()
  const originOf = new Map<number, number>()
  const placeOf = new Map<number, number>()
  let remembered = rememberedTexts(heap, zones)
  let lastKind = -1
  let lastKindKey = -1
  let lastOrigin = -1
  let lastOriginKey = -1
  let lastPlace = -1
  let lastPlaceKey = NO_PLACE
  const encoder = new TextEncoder()

  function word(dictionary: ByteDictionary, id: number): string | null {
    return id < 0 ? null : decodeText(dictionary.bytes(id))
  }

  /** Bytes in a dictionary are as the file writes them, so words are escaped as Apple escapes them. */
  function internText(dictionary: ByteDictionary, text: string): number {
    const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
    const bytes = encoder.encode(escaped)
    return dictionary.intern(bytes, new DataView(bytes.buffer), 0, bytes.length)
  }

  function newKind(typeId: number, unitId: number): Kind {
    const type = word(types, typeId) ?? ''
    const unit = word(units, unitId)
    const metric = metricOfHealthKit.get(type) ?? null
    return { type, unit, metric, convert: (metric !== null && unit !== null && conversion(metric, unit, 'healthkit')) || null }
  }

  function add<T>(list: T[], known: Map<number, number>, key: number, make: () => T): number {
    let id = known.get(key)
    if (id === undefined) {
      if (list.length >= 65_535) tooMany()
      id = list.push(make()) - 1
      known.set(key, id)
    }
    return id
  }

  const self = {
    types,
    units,
    sources,
    versions,
    devices,
    kinds: kinds as readonly Kind[],
    origins: origins as readonly Origin[],
    places: places as readonly Place[],
    zones: zones as readonly string[],
    kind(typeId: number, unitId: number): number {
      const key = typeId * 65_536 + unitId
      if (key !== lastKindKey) {
        lastKind = add(kinds, kindOf, key, () => newKind(typeId, unitId))
        lastKindKey = key
      }
      return lastKind
    },
    origin(sourceId: number, versionId: number, deviceId: number): number {
      const key = (sourceId * 65_536 + versionId + 1) * 65_536 + deviceId + 1
      if (key !== lastOriginKey) {
        lastOrigin = add(origins, originOf, key, () => ({
          sourceName: word(sources, sourceId) ?? '',
          version: word(versions, versionId),
          device: word(devices, deviceId)?.replace(/>$/, '') ?? null,
        }))
        lastOriginKey = key
      }
      return lastOrigin
    },
    /** The same by words instead of bytes, for the careful reader. */
    kindNamed(type: string, unit: string | null): number {
      return self.kind(internText(types, type), unit === null ? -1 : internText(units, unit))
    },
    originNamed(sourceName: string, version: string | null, device: string | null): number {
      const versionId = version === null ? -1 : internText(versions, version)
      return self.origin(internText(sources, sourceName), versionId, device === null ? -1 : internText(devices, device))
    },
    /** The file has been read: texts met by their bytes are not met again. */
    forgetTexts(): void {
      remembered = rememberedTexts(heap, zones)
      heap.settle()
    },
    /** Heap position of a text that will not come again. */
    put: (text: string) => heap.put(text),
    /** Kind of something that is no Record: a workout, a day's summary, a beat. */
    named(type: string): number {
      const typeId = internText(types, type)
      return add(kinds, kindOf, typeId * 65_536 - 1, () => newKind(typeId, -1))
    },
    /** Kind of one beat of an HRV record's list. */
    beatKind(): number {
      return beat
    },
    place(offsetMinutes: number, zoneId: number): number {
      const key = offsetMinutes * 65_536 + zoneId + 1
      if (key !== lastPlaceKey) {
        lastPlace = add(places, placeOf, key, () => ({ offsetMinutes, zone: zones[zoneId] ?? null }))
        lastPlaceKey = key
      }
      return lastPlace
    },
    /** The metadata of a record, by the bytes of its MetadataEntry elements. */
    metadata(bytes: Uint8Array, view: DataView, from: number, to: number): Metadata {
      if (remembered.isFull()) remembered = rememberedTexts(heap, zones)
      return remembered.metadata(bytes, view, from, to)
    },
    /** Heap position of a category word or of a value that is no number. */
    text(bytes: Uint8Array, view: DataView, from: number, to: number): number {
      if (remembered.isFull()) remembered = rememberedTexts(heap, zones)
      return remembered.text(bytes, view, from, to)
    },
  }
  const beat = self.named(BEAT)
  return self
}
export type Vocabulary = ReturnType<typeof vocabularyOver>

export interface Metadata {
  /** Heap position of its JSON, in units of 8 bytes. */
  readonly position: number
  readonly bits: number
  /** Index into `zones`, −1 without HKTimeZone. */
  readonly zone: number
}

/** Forgotten as a whole when there are too many, so that a file whose every record differs costs no memory. */
function rememberedTexts(heap: Heap, zones: string[]) {
  const full = () => tooMany()
  // Before they hold so much they are forgotten.
  const spans = byteDictionary(MOST_REMEMBERED + 1, 2 * MOST_REMEMBERED_BYTES, full)
  const words = byteDictionary(MOST_REMEMBERED + 1, 2 * MOST_REMEMBERED_BYTES, full)
  const metadata: Metadata[] = []
  const positions: number[] = []
  return {
    isFull: () => spans.size >= MOST_REMEMBERED || words.size >= MOST_REMEMBERED || spans.weight + words.weight > MOST_REMEMBERED_BYTES,
    metadata(bytes: Uint8Array, view: DataView, from: number, to: number): Metadata {
      const id = spans.intern(bytes, view, from, to)
      let known = metadata[id]
      if (known === undefined) {
        known = readMetadata(bytes.subarray(from, to), heap, zones)
        metadata[id] = known
      }
      return known
    },
    text(bytes: Uint8Array, view: DataView, from: number, to: number): number {
      const id = words.intern(bytes, view, from, to)
      let position = positions[id]
      if (position === undefined) {
        position = heap.put(decodeText(bytes.subarray(from, to)))
        positions[id] = position
      }
      return position
    },
  }
}

function readMetadata(span: Uint8Array, heap: Heap, zones: string[]): Metadata {
  const entries = metadataEntries(span)
  const zone = entries.HKTimeZone
  let zoneId = -1
  if (zone !== undefined) {
    zoneId = zones.indexOf(zone)
    if (zoneId < 0) zoneId = zones.push(zone) - 1
  }
  const bits = (entries.HKWasUserEntered === '1' ? Bits.MANUAL : 0) | (entries.HKMetadataKeySyncIdentifier === undefined ? 0 : Bits.SYNC)
  return { position: heap.put(JSON.stringify(entries)) / 8, bits, zone: zoneId }
}

/** Key and value of each MetadataEntry in a run of them; what is no such element is left out. */
export function metadataEntries(span: Uint8Array): Record<string, string> {
  const entries: Record<string, string> = Object.create(null)
  let at = span.indexOf(0x3c)
  while (at >= 0) {
    const tag = readTag(span, at, span.length)
    if (typeof tag === 'string') break
    const key = tag.attributes.get('key')
    if (tag.name === 'MetadataEntry' && key !== undefined) entries[key] = tag.attributes.get('value') ?? ''
    at = span.indexOf(0x3c, tag.next)
  }
  return entries
}
