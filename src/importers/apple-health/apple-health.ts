import { dayBounds, type StoredZones } from '../../model/zone.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Importer, Reading, ReadOptions, SessionDraft } from '../importer.ts'
import { buckets } from './buckets.ts'
import { ACTIVITY_SUMMARY } from './elements.ts'
import { type Heap, heapOver } from './heap.ts'
import { kindRanks, orderRows } from './order.ts'
import { rowWriter } from './row-writer.ts'
import { newRows, ROW_DOUBLES, ROW_SHORTS, type Rows } from './rows.ts'
import { scanner } from './scanner.ts'
import { type Spill, spillOver } from './spill.ts'
import { tableReader } from './table.ts'
import { newTally, type Tally } from './tally.ts'
import { type Vocabulary, vocabularyOver } from './vocabulary.ts'
import { openXml, type XmlSource } from './xml-source.ts'
import { type ClockEvidence, clockEvidence, HOUR_MS, readZones } from './zones.ts'

/** 40 bytes a row: 1.3 MB, and as much again where a block has to be sorted. */
const BLOCK_ROWS = 1 << 15

/** Apple Health: `export.zip` as the phone makes it, or the `export.xml` inside. */
export const appleHealth: Importer = { format: 'apple-health', read }

async function read(source: ByteSource, options: ReadOptions): Promise<Reading> {
  const rowFile = options.scratch.open()
  const heapFile = options.scratch.open()
  const close = () => {
    rowFile.close()
    heapFile.close()
  }
  try {
    const heap = heapOver(heapFile)
    const vocabulary = vocabularyOver(heap)
    const tally = newTally()
    const spill = spillOver(rowFile)
    const scanned = await scanAll(await openXml(source), vocabulary, spill, tally, options)
    return readingOf({ heap, vocabulary, tally, spill, close, options, ...scanned })
  } catch (error) {
    close()
    throw error
  }
}

interface Scanned {
  readonly whole: boolean
  readonly zones: StoredZones
  readonly me: Record<string, string> | undefined
}

/** The one pass over the bytes. Its buffers are let go when it is done: what follows needs the memory. */
async function scanAll(xml: XmlSource, vocabulary: Vocabulary, spill: Spill, tally: Tally, options: ReadOptions): Promise<Scanned> {
  const evidence = clockEvidence()
  const block = newRows(BLOCK_ROWS)
  const writer = rowWriter(block, (count) => {
    const zones = vocabulary.places.map(({ zone }) => (zone === null ? -1 : vocabulary.zones.indexOf(zone)))
    noteClock(block, count, vocabulary, zones, evidence)
    spill.add(block, count)
  })
  const scan = scanner(vocabulary, writer, tally)
  let bytes = 0
  for await (const piece of xml.open()) {
    scan.push(piece)
    bytes += piece.length
    options.onProgress?.(bytes * xml.inputPerByte)
  }
  const whole = scan.end()
  vocabulary.forgetTexts()
  const { timeline, untilMs } = readZones({
    evidence,
    zoneNames: vocabulary.zones,
    ...(options.profileZone !== undefined && { profileZone: options.profileZone }),
    ...(options.storedZones !== undefined && { stored: options.storedZones }),
  })
  return { whole, zones: { timeline, untilMs }, me: scan.about.me }
}

interface Parts extends Scanned {
  readonly heap: Heap
  readonly vocabulary: Vocabulary
  readonly tally: Tally
  readonly spill: Spill
  readonly options: ReadOptions
  readonly close: () => void
}

function readingOf({ heap, vocabulary, tally, spill, close, options, whole, zones, me }: Parts): Reading {
  const counts = { received: tally.counts.received, duplicate: 0, rejected: tally.counts.rejected }

  function* drafts(): Generator<SessionDraft> {
    const ranks = kindRanks(vocabulary)
    const table = tableReader(vocabulary, heap, tally, options.nowMs)
    for (const bucket of buckets(spill, vocabulary, zones.timeline)) {
      const ordered = orderRows(bucket.rows, bucket.index, bucket.count, ranks, heap)
      counts.duplicate += ordered.duplicates + ordered.superseded
      counts.received += ordered.nestedOnly
      for (let k = 0; k < ordered.superseded; k++) tally.note('superseded_version', '')
      if (ordered.count > 0)
        yield { source: bucket.source, localDate: bucket.localDate, zone: zoneOf(bucket.localDate), table: table(bucket.rows, ordered) }
    }
  }

  let lastDate = ''
  let lastZone = ''
  function zoneOf(date: string): string {
    if (date !== lastDate) lastZone = dayBounds(zones.timeline, date).zone
    lastDate = date
    return lastZone
  }

  return {
    counts,
    elements: { ...tally.counts },
    problems: tally.problems,
    zones,
    whole,
    person: personOf(me),
    drafts,
    close,
  }
}

/** `zones` gives the number of each place's zone; −1 where it names none. */
function noteClock(
  { doubles, shorts }: Rows,
  count: number,
  { kinds, places }: Vocabulary,
  zones: readonly number[],
  evidence: ClockEvidence,
): void {
  const summary = kinds.findIndex(({ type }) => type === ACTIVITY_SUMMARY)
  let lastId = -1
  let fromMs = 0
  for (let row = 0; row < count; row++) {
    const startMs = doubles[row * ROW_DOUBLES] as number
    const placeId = shorts[row * ROW_SHORTS + 18] as number
    // Mostly in the hour of the one before: that is noted.
    if (placeId === lastId && startMs >= fromMs && startMs < fromMs + HOUR_MS) continue
    if (shorts[row * ROW_SHORTS + 16] === summary) continue
    lastId = placeId
    fromMs = Math.floor(startMs / HOUR_MS) * HOUR_MS
    evidence.note(startMs, places[placeId]?.offsetMinutes ?? 0, zones[placeId] ?? -1)
  }
}

const SEXES: ReadonlyMap<string, 'male' | 'female' | 'other'> = new Map([
  ['HKBiologicalSexMale', 'male'],
  ['HKBiologicalSexFemale', 'female'],
  ['HKBiologicalSexOther', 'other'],
])

function personOf(me: Record<string, string> | undefined): Reading['person'] {
  const birth = me?.HKCharacteristicTypeIdentifierDateOfBirth ?? ''
  const gender = SEXES.get(me?.HKCharacteristicTypeIdentifierBiologicalSex ?? '')
  return { ...(/^\d{4}-\d{2}-\d{2}$/.test(birth) && { dateOfBirth: birth }), ...(gender !== undefined && { gender }) }
}
