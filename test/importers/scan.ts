import { type Heap, heapOver } from '../../src/importers/apple-health/heap.ts'
import { rowWriter } from '../../src/importers/apple-health/row-writer.ts'
import { Bits, newRows, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from '../../src/importers/apple-health/rows.ts'
import { scanner } from '../../src/importers/apple-health/scanner.ts'
import { newTally } from '../../src/importers/apple-health/tally.ts'
import { type Vocabulary, vocabularyOver } from '../../src/importers/apple-health/vocabulary.ts'
import { memoryFile } from '../fixtures/memory-file.ts'

export interface ScannedRow {
  readonly startMs: number
  readonly endMs: number
  readonly value: number | string
  readonly createdS: number
  readonly metadata: string
  readonly type: string
  readonly unit: string | null
  readonly source: string
  readonly version: string | null
  readonly device: string | null
  readonly offsetMinutes: number
  readonly zone: string | null
  readonly bits: number
}

export interface Scanned {
  readonly rows: readonly ScannedRow[]
  readonly whole: boolean
  readonly counts: Readonly<Record<string, number>>
  readonly problems: readonly (readonly [code: string, count: number, example: string])[]
}

/** What the scanner alone makes of an export that comes in these pieces: rows in the order of the file. */
export function scan(pieces: Iterable<Uint8Array>): Scanned {
  const heap = heapOver(memoryFile())
  const vocabulary = vocabularyOver(heap)
  const tally = newTally()
  const found: ScannedRow[] = []
  const block = newRows(64)
  const rows = rowWriter(block, (count) => {
    for (let row = 0; row < count; row++) found.push(readRow(block, row, vocabulary, heap))
  })
  const scanning = scanner(vocabulary, rows, tally)
  for (const piece of pieces) scanning.push(piece)
  const whole = scanning.end()
  const problems = [...tally.problems].map(([code, { count, example }]) => [code, count, example] as const)
  return { rows: found, whole, counts: { ...tally.counts }, problems }
}

export function piecesOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))
}

/** Received and not read: the rest of `received` are rows. */
export function unread({ counts, problems }: Scanned): number {
  const noted = problems.filter(([code]) => code === 'unreadable_record' || code === 'unmapped_element')
  return noted.reduce((sum, [, count]) => sum + count, counts.rejected ?? 0)
}

export function isRecord({ bits }: ScannedRow): boolean {
  return (bits & (Bits.BEAT | Bits.NESTED)) === 0
}

function readRow({ doubles, ints, uints, shorts }: Rows, row: number, vocabulary: Vocabulary, heap: Heap): ScannedRow {
  const bits = shorts[row * ROW_SHORTS + 19] as number
  const kind = vocabulary.kinds[shorts[row * ROW_SHORTS + 16] as number]
  const origin = vocabulary.origins[shorts[row * ROW_SHORTS + 17] as number]
  const place = vocabulary.places[shorts[row * ROW_SHORTS + 18] as number]
  const metadataAt = uints[row * ROW_INTS + 7] as number
  const value = doubles[row * ROW_DOUBLES + 2] as number
  if (!kind || !origin || !place) throw new Error(`row ${row} names what the vocabulary does not have`)
  return {
    startMs: doubles[row * ROW_DOUBLES] as number,
    endMs: doubles[row * ROW_DOUBLES + 1] as number,
    value: bits & Bits.TEXT ? heap.get(value) : value,
    createdS: ints[row * ROW_INTS + 6] as number,
    metadata: metadataAt === 0 ? '{}' : heap.get(metadataAt * 8),
    type: kind.type,
    unit: kind.unit,
    source: origin.sourceName,
    version: origin.version,
    device: origin.device,
    offsetMinutes: place.offsetMinutes,
    zone: place.zone,
    bits,
  }
}
