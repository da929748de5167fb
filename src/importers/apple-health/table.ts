import type { FlagCode, QuarantineCode } from '../../model/marks.ts'
import type { InstantColumn, NumberColumn, SampleTable, WordColumn, Words } from '../../model/sample-table.ts'
import { wordColumns } from '../../model/sample-table.ts'
import type { Heap } from './heap.ts'
import { type KindReader, kindReader } from './kind-reader.ts'
import type { Ordered } from './order.ts'
import { Bits, MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'
import { type WordBuilder, wordBuilder } from './word-builder.ts'
import { offsetName } from './zones.ts'

const DAY_MS = 86_400_000
const FLAG_AFTER_MS = 5 * 60_000

/** Turns ordered rows into the session's columns, each sample with its verdict. Column by column: each loop is short and stays fast. */
export function tableReader(
  vocabulary: Vocabulary,
  heap: Heap,
  tally: Tally,
  nowMs: number,
): (rows: Rows, ordered: Ordered) => SampleTable {
  const kinds = vocabulary.kinds.map(kindReader)
  const builders = Object.fromEntries(wordColumns.map((name) => [name, wordBuilder()])) as Record<WordColumn, WordBuilder>

  function numbers(rows: Rows, { rows: order }: Ordered, value: Float64Array, raw: Float64Array): void {
    for (let k = 0; k < value.length; k++) {
      const row = order[k] as number
      const kind = kinds[rows.shorts[row * ROW_SHORTS + 16] as number] as KindReader
      const said = rows.doubles[row * ROW_DOUBLES + 2] as number
      const isText = ((rows.shorts[row * ROW_SHORTS + 19] as number) & Bits.TEXT) !== 0
      raw[k] = isText || !kind.converts ? Number.NaN : said
      if (kind.category) value[k] = categoryValue(rows, row, isText ? heap.get(said) : '')
      else value[k] = isText ? Number.NaN : said * kind.factor + kind.offset
    }
  }

  function kindWords(rows: Rows, ordered: Ordered): void {
    const { metric, type, unit, raw_unit: rawUnit } = builders
    eachRun(rows, ordered, 16, (from, to, id) => {
      const kind = kinds[id] as KindReader
      metric.fill(from, to, id, kind.metric)
      type.fill(from, to, id, kind.type)
      unit.fill(from, to, id, kind.unit)
      rawUnit.fill(from, to, id, kind.rawUnit)
    })
  }

  function originWords(rows: Rows, ordered: Ordered): void {
    eachRun(rows, ordered, 17, (from, to, id) => {
      builders.source_version.fill(from, to, id, vocabulary.origins[id]?.version ?? null)
      builders.device.fill(from, to, id, vocabulary.origins[id]?.device ?? null)
    })
    eachRun(rows, ordered, 18, (from, to, id) => {
      const place = vocabulary.places[id]
      builders.offset.fill(from, to, id, place === undefined ? null : offsetName(place.offsetMinutes))
      builders.zone.fill(from, to, id, place?.zone ?? null)
    })
  }

  function texts(rows: Rows, { rows: order, count }: Ordered): void {
    const { text, metadata } = builders
    for (let k = 0; k < count; k++) {
      const row = order[k] as number
      if ((rows.shorts[row * ROW_SHORTS + 19] as number) & Bits.TEXT) {
        const at = rows.doubles[row * ROW_DOUBLES + 2] as number
        text.set(k, at, text.knows(at) ? null : heap.get(at))
      }
      const at = rows.uints[row * ROW_INTS + 7] as number
      if (at > 0) metadata.set(k, at, metadata.knows(at) ? null : heap.get(at * 8))
    }
  }

  function verdicts(rows: Rows, { rows: order, count }: Ordered, value: Float64Array): void {
    for (let k = 0; k < count; k++) {
      const row = order[k] as number
      const kind = kinds[rows.shorts[row * ROW_SHORTS + 16] as number] as KindReader
      const bits = rows.shorts[row * ROW_SHORTS + 19] as number
      const startMs = rows.doubles[row * ROW_DOUBLES] as number
      const reason = verdict(kind, value[k] as number, bits, startMs, nowMs)
      if (reason !== null) {
        builders.quarantine.set(k, -1, reason)
        if (!(bits & Bits.BEAT)) tally.note(reason, kind.type)
      }
      const flags = flagWords(kind, bits, startMs > nowMs + FLAG_AFTER_MS)
      if (flags === null) continue
      builders.flags.set(k, -1, flags)
      for (const flag of flags.split(' ')) if (flag !== MANUAL) tally.note(flag, '')
    }
  }

  return function read(rows, ordered) {
    const { count } = ordered
    // One piece of memory a table: an import makes thousands of them.
    const memory = new ArrayBuffer(count * (5 * 8 + wordColumns.length * 4))
    const doubles = (n: number) => new Float64Array(memory, n * count * 8, count)
    const instants = { start: doubles(0), end: doubles(1), created: doubles(2) } satisfies Record<InstantColumn, Float64Array>
    const values = { value: doubles(3), raw_value: doubles(4) } satisfies Record<NumberColumn, Float64Array>
    wordColumns.forEach((name, n) => {
      builders[name].begin(new Int32Array(memory, count * (40 + n * 4), count))
    })
    times(rows, ordered, instants)
    numbers(rows, ordered, values.value, values.raw_value)
    kindWords(rows, ordered)
    originWords(rows, ordered)
    texts(rows, ordered)
    verdicts(rows, ordered, values.value)
    const words = Object.fromEntries(wordColumns.map((name) => [name, builders[name].take()])) as Record<WordColumn, Words>
    return { rows: count, words, instants, numbers: values }
  }
}

function times(rows: Rows, { rows: order, count }: Ordered, { start, end, created }: Record<InstantColumn, Float64Array>): void {
  for (let k = 0; k < count; k++) {
    const row = order[k] as number
    const endMs = rows.doubles[row * ROW_DOUBLES + 1] as number
    const delayS = rows.ints[row * ROW_INTS + 6] as number
    start[k] = rows.doubles[row * ROW_DOUBLES] as number
    end[k] = endMs
    created[k] = delayS === MISSING ? Number.NaN : endMs + delayS * 1000
  }
}

/** The value of a category sample that is not a length of time. */
const categoryValues: ReadonlyMap<string, number> = new Map([
  ['HKCategoryValueAppleStandHourStood', 1],
  ['HKCategoryValueAppleStandHourIdle', 0],
])

/** Minutes, unless the category's word is a number by itself. */
function categoryValue(rows: Rows, row: number, word: string): number {
  const at = row * ROW_DOUBLES
  return categoryValues.get(word) ?? ((rows.doubles[at + 1] as number) - (rows.doubles[at] as number)) / 60_000
}

function verdict(kind: KindReader, value: number, bits: number, startMs: number, nowMs: number): QuarantineCode | null {
  if (kind.quarantine !== null) return kind.quarantine
  if (startMs > nowMs + DAY_MS) return 'future'
  if (startMs < 0) return 'bad_time'
  if (kind.metric === null || kind.category) return null
  if (bits & Bits.TEXT || Number.isNaN(value)) return 'not_a_number'
  return value < kind.min || value > kind.max ? kind.outOfRange : null
}

/** Not a flag that counts as doubt: who typed a value in said so. */
const MANUAL = 'manual'

const FLAGGED = Bits.MANUAL | Bits.CREATED_EARLY | Bits.LEAP_SECOND

function flagWords(kind: KindReader, bits: number, isAhead: boolean): string | null {
  if (!(bits & FLAGGED) && !isAhead && kind.flag === null) return null
  const flags: (FlagCode | typeof MANUAL)[] = []
  if (bits & Bits.MANUAL) flags.push(MANUAL)
  if (bits & Bits.CREATED_EARLY) flags.push('created_before_start')
  if (bits & Bits.LEAP_SECOND) flags.push('leap_second')
  if (isAhead) flags.push('clock_skew')
  if (kind.flag !== null) flags.push(kind.flag)
  return flags.join(' ')
}

/** Neighbouring rows that have the same number in a 16-bit slot of the row. */
function eachRun(rows: Rows, { rows: order, count }: Ordered, slot: number, use: (from: number, to: number, id: number) => void): void {
  const idAt = (k: number) => rows.shorts[(order[k] as number) * ROW_SHORTS + slot] as number
  for (let from = 0; from < count; ) {
    const id = idAt(from)
    let to = from + 1
    while (to < count && idAt(to) === id) to++
    use(from, to, id)
    from = to
  }
}
