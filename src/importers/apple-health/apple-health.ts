import { dayBounds } from '../../model/zone.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Importer, Reading, ReadOptions, SessionDraft } from '../importer.ts'
import { buckets } from './buckets.ts'
import { heapOver } from './heap.ts'
import { kindRanks, orderRows } from './order.ts'
import { newRows, ROW_DOUBLES, ROW_SHORTS, type Rows } from './rows.ts'
import { rowWriter } from './row-writer.ts'
import { scanner } from './scanner.ts'
import { spillOver } from './spill.ts'
import { tableReader } from './table.ts'
import { newTally } from './tally.ts'
import { type Vocabulary, vocabularyOver } from './vocabulary.ts'
import { openXml } from './xml-source.ts'
import { type ClockEvidence, clockEvidence, readZones } from './zones.ts'

/** 40 bytes a row: 10 MB, and as much again while a block is sorted. */
const BLOCK_ROWS = 1 << 18

/** Apple Health: `export.zip` as the phone makes it, or the `export.xml` inside. */
export const appleHealth: Importer = { format: 'apple-health', read }

async function read(source: ByteSource, options: ReadOptions): Promise<Reading> {
  const xml = await openXml(source)
  const rowFile = options.scratch.open()
  const heapFile = options.scratch.open()
  const heap = heapOver(heapFile)
  const vocabulary = vocabularyOver(heap)
  const tally = newTally()
  const evidence = clockEvidence()
  const block = newRows(BLOCK_ROWS)
  const spill = spillOver(rowFile, BLOCK_ROWS)
  const writer = rowWriter(block, (count) => {
    noteClock(block, count, vocabulary, evidence)
    spill.add(block, count)
  })
  const scan = scanner(vocabulary, writer, tally)
  const close = () => {
    rowFile.close()
    heapFile.close()
  }
  try {
    let bytes = 0
    for await (const piece of xml.open()) {
      scan.push(piece)
      bytes += piece.length
      options.onProgress?.(bytes * xml.inputPerByte)
    }
  } catch (error) {
    close()
    throw error
  }
  const whole = scan.end()
  const { timeline } = readZones({
    evidence,
    zoneNames: vocabulary.zones,
    ...(options.profileZone !== undefined && { profileZone: options.profileZone }),
    ...(options.storedZones !== undefined && { stored: options.storedZones }),
  })
  const counts = { received: tally.counts.received, duplicate: 0, rejected: tally.counts.rejected }

  function* drafts(): Generator<SessionDraft> {
    const ranks = kindRanks(vocabulary)
    const table = tableReader(vocabulary, heap, tally, options.nowMs)
    for (const bucket of buckets(spill, vocabulary, timeline)) {
      const ordered = orderRows(bucket.rows, bucket.count, ranks, heap)
      counts.duplicate += ordered.duplicates + ordered.superseded
      counts.received += ordered.nestedOnly
      for (let k = 0; k < ordered.superseded; k++) tally.note('superseded_version', '')
      if (ordered.count > 0) yield { source: bucket.source, localDate: bucket.localDate, zone: zoneOf(bucket.localDate), table: table(bucket.rows, ordered) }
    }
  }

  let lastDate = ''
  let lastZone = ''
  function zoneOf(date: string): string {
    if (date !== lastDate) lastZone = dayBounds(timeline, date).zone
    lastDate = date
    return lastZone
  }

  const { me } = scan.about
  return {
    counts,
    elements: { ...tally.counts },
    problems: tally.problems,
    timeline,
    whole,
    person: personOf(me),
    drafts,
    close,
  }
}

function noteClock(rows: Rows, count: number, vocabulary: Vocabulary, evidence: ClockEvidence): void {
  const zones = vocabulary.places.map((place) => (place.zone === null ? -1 : vocabulary.zones.indexOf(place.zone)))
  for (let row = 0; row < count; row++) {
    const placeId = rows.shorts[row * ROW_SHORTS + 18] as number
    const kind = vocabulary.kinds[rows.shorts[row * ROW_SHORTS + 16] as number]
    if (kind?.type === 'ActivitySummary') continue
    evidence.note(rows.doubles[row * ROW_DOUBLES] as number, vocabulary.places[placeId]?.offsetMinutes ?? 0, zones[placeId] ?? -1)
  }
}

const SEXES: Readonly<Record<string, 'male' | 'female' | 'other'>> = {
  HKBiologicalSexMale: 'male',
  HKBiologicalSexFemale: 'female',
  HKBiologicalSexOther: 'other',
}

function personOf(me: Record<string, string> | undefined): Reading['person'] {
  const birth = me?.HKCharacteristicTypeIdentifierDateOfBirth ?? ''
  const gender = SEXES[me?.HKCharacteristicTypeIdentifierBiologicalSex ?? '']
  return { ...(/^\d{4}-\d{2}-\d{2}$/.test(birth) && { dateOfBirth: birth }), ...(gender !== undefined && { gender }) }
}
