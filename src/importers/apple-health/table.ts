import type { InstantColumn, NumberColumn, SampleTable, WordColumn, Words } from '../../model/sample-table.ts'
import { wordColumns } from '../../model/sample-table.ts'
import type { Heap } from './heap.ts'
import { type KindReader, kindReader } from './kind-reader.ts'
import type { Ordered } from './order.ts'
import { Bits, type Rows } from './rows.ts'
import { type Instants, runEnd, type Sheet, sheetReader } from './sheet.ts'
import type { Tally } from './tally.ts'
import { flagsOf, isPlain, type Run, verdict } from './verdicts.ts'
import type { Vocabulary } from './vocabulary.ts'
import { type WordBuilder, wordBuilder } from './word-builder.ts'
import { offsetName } from './zones.ts'

/** Turns ordered rows into the session's columns, each sample with its verdict. Column by column and run by run: each loop is short and stays fast. A table is good until the next. */
export function tableReader(
  vocabulary: Vocabulary,
  heap: Heap,
  tally: Tally,
  nowMs: number,
): (rows: Rows, ordered: Ordered) => SampleTable {
  const kinds = vocabulary.kinds.map(kindReader)
  const builders = Object.fromEntries(wordColumns.map((name) => [name, wordBuilder()])) as Record<WordColumn, WordBuilder>
  const readSheet = sheetReader()
  let memory = newDoubles(4096)

  function kindWords(from: number, to: number, id: number, kind: KindReader): void {
    builders.metric.fill(from, to, id, kind.metric)
    builders.type.fill(from, to, id, kind.type)
    builders.unit.fill(from, to, id, kind.unit)
    builders.raw_unit.fill(from, to, id, kind.rawUnit)
  }

  function originWords({ count, origin, place }: Sheet): void {
    for (let from = 0; from < count; ) {
      const id = origin[from] as number
      const to = runEnd(origin, from, count)
      builders.source_version.fill(from, to, id, vocabulary.origins[id]?.version ?? null)
      builders.device.fill(from, to, id, vocabulary.origins[id]?.device ?? null)
      from = to
    }
    for (let from = 0; from < count; ) {
      const id = place[from] as number
      const to = runEnd(place, from, count)
      builders.offset.fill(from, to, id, offsets[id] ?? null)
      builders.zone.fill(from, to, id, vocabulary.places[id]?.zone ?? null)
      from = to
    }
  }
  const offsets = vocabulary.places.map(({ offsetMinutes }) => offsetName(offsetMinutes))

  function texts({ bits, said }: Sheet, { from, to }: Run): void {
    const { text } = builders
    for (let k = from; k < to; k++) {
      if (((bits[k] as number) & Bits.TEXT) === 0) continue
      const at = said[k] as number
      if (!text.fillKnown(k, k + 1, at)) text.fill(k, k + 1, at, heap.get(at))
    }
  }

  function metadataTexts({ count, metadata: positions }: Sheet): void {
    const { metadata } = builders
    for (let from = 0; from < count; ) {
      const at = positions[from] as number
      const to = runEnd(positions, from, count)
      if (at > 0 && !metadata.fillKnown(from, to, at)) metadata.fill(from, to, at, heap.get(at * 8))
      from = to
    }
  }

  function verdicts(sheet: Sheet, run: Run, start: Float64Array, value: Float64Array): void {
    const { kind } = run
    for (let k = run.from; k < run.to; k++) {
      const bits = sheet.bits[k] as number
      const startMs = start[k] as number
      const reason = verdict(kind, value[k] as number, bits, startMs, nowMs)
      if (reason !== null) {
        builders.quarantine.fill(k, k + 1, -1, reason)
        if (!(bits & Bits.BEAT)) tally.note(reason, kind.type)
      }
      const flags = flagsOf(kind, bits, startMs, nowMs)
      if (flags === null) continue
      builders.flags.fill(k, k + 1, -1, flags.text)
      for (const doubt of flags.doubts) tally.note(doubt, '')
    }
  }

  function kindRuns(sheet: Sheet, { start, end }: Instants, { value, raw_value: raw }: Record<NumberColumn, Float64Array>): void {
    const { count, kind: ids, bits } = sheet
    for (let from = 0; from < count; ) {
      const id = ids[from] as number
      const run: Run = { from, to: runEnd(ids, from, count), kind: kinds[id] as KindReader }
      kindWords(from, run.to, id, run.kind)
      const any = sheet.anyBits === 0 ? 0 : anyOf(bits, from, run.to)
      if (any & Bits.TEXT) texts(sheet, run)
      if (run.kind.category) categoryValues(run, sheet, start, end, value, raw, heap)
      else if (any & Bits.TEXT) saidInWords(run, sheet, value, raw)
      else convert(run, sheet.said, value, raw)
      if (!isPlain(run, any, start, value, nowMs)) verdicts(sheet, run, start, value)
      from = run.to
    }
  }

  return function read(rows, ordered) {
    const { count } = ordered
    if (count > (memory[0] as Float64Array).length) memory = newDoubles(2 ** Math.ceil(Math.log2(count)))
    const column = (n: number) => (memory[n] as Float64Array).subarray(0, count)
    const instants = { start: column(0), end: column(1), created: column(2) } satisfies Record<InstantColumn, Float64Array>
    const values = { value: column(3), raw_value: column(4) } satisfies Record<NumberColumn, Float64Array>
    for (const name of wordColumns) builders[name].begin(count)
    const sheet = readSheet(rows, ordered, instants)
    kindRuns(sheet, instants, values)
    originWords(sheet)
    if (sheet.hasMetadata) metadataTexts(sheet)
    return { rows: count, words: wordsOf(builders), instants, numbers: values }
  }
}

function newDoubles(rows: number): Float64Array[] {
  return Array.from({ length: 5 }, () => new Float64Array(rows))
}

function wordsOf(builders: Record<WordColumn, WordBuilder>): Record<WordColumn, Words> {
  return {
    metric: builders.metric.take(),
    type: builders.type.take(),
    unit: builders.unit.take(),
    text: builders.text.take(),
    raw_unit: builders.raw_unit.take(),
    offset: builders.offset.take(),
    zone: builders.zone.take(),
    source_version: builders.source_version.take(),
    device: builders.device.take(),
    metadata: builders.metadata.take(),
    flags: builders.flags.take(),
    quarantine: builders.quarantine.take(),
  }
}

function anyOf(bits: Uint16Array, from: number, to: number): number {
  let any = 0
  for (let k = from; k < to; k++) any |= bits[k] as number
  return any
}

function convert({ from, to, kind }: Run, said: Float64Array, value: Float64Array, raw: Float64Array): void {
  const { factor, offset, converts } = kind
  for (let k = from; k < to; k++) value[k] = (said[k] as number) * factor + offset
  if (converts) raw.set(said.subarray(from, to), from)
  else raw.fill(Number.NaN, from, to)
}

/** A run in which some values are no numbers. */
function saidInWords({ from, to, kind }: Run, { bits, said }: Sheet, value: Float64Array, raw: Float64Array): void {
  for (let k = from; k < to; k++) {
    const isText = ((bits[k] as number) & Bits.TEXT) !== 0
    value[k] = isText ? Number.NaN : (said[k] as number) * kind.factor + kind.offset
    raw[k] = isText || !kind.converts ? Number.NaN : (said[k] as number)
  }
}

/** The value of a category sample that is not a length of time. */
const wordValues: ReadonlyMap<string, number> = new Map([
  ['HKCategoryValueAppleStandHourStood', 1],
  ['HKCategoryValueAppleStandHourIdle', 0],
])

/** Minutes, unless the category's word is a number by itself. */
function categoryValues(
  { from, to, kind }: Run,
  { bits, said }: Sheet,
  start: Float64Array,
  end: Float64Array,
  value: Float64Array,
  raw: Float64Array,
  heap: Heap,
): void {
  for (let k = from; k < to; k++) {
    const isText = ((bits[k] as number) & Bits.TEXT) !== 0
    const word = isText ? heap.get(said[k] as number) : ''
    value[k] = wordValues.get(word) ?? ((end[k] as number) - (start[k] as number)) / 60_000
    raw[k] = isText || !kind.converts ? Number.NaN : (said[k] as number)
  }
}
