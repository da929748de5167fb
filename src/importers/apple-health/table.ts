import type { FlagCode, QuarantineCode } from '../../model/marks.ts'
import type { MetricRow } from '../../model/metric-row.ts'
import { metrics } from '../../model/metrics.ts'
import type { NumberColumn, SampleTable, WordColumn, Words } from '../../model/sample-table.ts'
import type { Heap } from './heap.ts'
import type { Ordered } from './order.ts'
import { Bits, MISSING, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'
import type { Tally } from './tally.ts'
import type { Kind, Vocabulary } from './vocabulary.ts'
import { offsetName } from './zones.ts'

const DAY_MS = 86_400_000
const FLAG_AFTER_MS = 5 * 60_000

/** How the samples of a kind are read: looked up once a kind, not once a sample. */
interface Reader {
  readonly metric: string | null
  readonly unit: string | null
  readonly rawUnit: string | null
  readonly factor: number
  readonly offset: number
  readonly min: number
  readonly max: number
  readonly outOfRange: QuarantineCode
  /** Set where no sample of this kind can count. */
  readonly quarantine: QuarantineCode | null
  readonly flag: FlagCode | null
  readonly category: boolean
}

/** The value of a category sample that is not a length of time. */
const categoryValues: Readonly<Record<string, number>> = { HKCategoryValueAppleStandHourStood: 1, HKCategoryValueAppleStandHourIdle: 0 }

/** Turns ordered rows into the session's columns, each sample with its verdict. */
export function tableReader(vocabulary: Vocabulary, heap: Heap, tally: Tally, nowMs: number) {
  const readers = vocabulary.kinds.map(readerOf)
  const columns = new Map<WordColumn, WordBuilder>()
  const names: WordColumn[] = ['metric', 'type', 'unit', 'text', 'raw_unit', 'offset', 'zone', 'source_version', 'device', 'metadata', 'flags', 'quarantine']
  for (const name of names) columns.set(name, wordBuilder())
  const word = (name: WordColumn) => columns.get(name) as WordBuilder
  const metric = word('metric')
  const type = word('type')
  const unit = word('unit')
  const texts = word('text')
  const rawUnit = word('raw_unit')
  const offset = word('offset')
  const zone = word('zone')
  const version = word('source_version')
  const device = word('device')
  const metadata = word('metadata')
  const flags = word('flags')
  const quarantine = word('quarantine')

  function verdict(reader: Reader, value: number, isText: boolean, startMs: number): QuarantineCode | null {
    if (reader.quarantine !== null) return reader.quarantine
    if (startMs > nowMs + DAY_MS) return 'future'
    if (startMs < 0) return 'bad_time'
    if (reader.metric === null) return null
    if (isText && !reader.category) return 'not_a_number'
    if (value !== value) return reader.category ? null : 'not_a_number'
    return value < reader.min || value > reader.max ? reader.outOfRange : null
  }

  function flagWords(reader: Reader, bits: number, startMs: number): string | null {
    if (bits === 0 && reader.flag === null && startMs <= nowMs + FLAG_AFTER_MS) return null
    const found: string[] = []
    if (bits & Bits.MANUAL) found.push('manual')
    if (bits & Bits.CREATED_EARLY) found.push(counted('created_before_start'))
    if (startMs > nowMs + FLAG_AFTER_MS) found.push(counted('clock_skew'))
    if (reader.flag !== null) found.push(counted(reader.flag))
    return found.length > 0 ? found.join(' ') : null
  }

  function counted(code: FlagCode): FlagCode {
    tally.note(code, '')
    return code
  }

  return function read(rows: Rows, { rows: order, count }: Ordered): SampleTable {
    // One piece of memory a table: an import makes thousands of them.
    const memory = new ArrayBuffer(count * (5 * 8 + names.length * 4))
    const [start, end, created, values, raws] = [0, 1, 2, 3, 4].map((n) => new Float64Array(memory, n * count * 8, count)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
    names.forEach((name, n) => word(name).begin(new Int32Array(memory, count * (40 + n * 4), count)))
    for (let k = 0; k < count; k++) {
      const row = order[k] as number
      const kindId = rows.shorts[row * ROW_SHORTS + 16] as number
      const originId = rows.shorts[row * ROW_SHORTS + 17] as number
      const placeId = rows.shorts[row * ROW_SHORTS + 18] as number
      const bits = rows.shorts[row * ROW_SHORTS + 19] as number
      const reader = readers[kindId] as Reader
      const startMs = rows.doubles[row * ROW_DOUBLES] as number
      const endMs = rows.doubles[row * ROW_DOUBLES + 1] as number
      const raw = rows.doubles[row * ROW_DOUBLES + 2] as number
      const isText = (bits & Bits.TEXT) !== 0
      let value = isText ? Number.NaN : raw * reader.factor + reader.offset
      start[k] = startMs
      end[k] = endMs
      const delay = rows.ints[row * ROW_INTS + 6] as number
      created[k] = delay === MISSING ? Number.NaN : endMs + delay * 1000
      if (isText) {
        const text = heap.get(raw)
        texts.set(k, raw, text)
        if (reader.category) value = categoryValues[text] ?? (endMs - startMs) / 60_000
      } else if (reader.category) value = (endMs - startMs) / 60_000
      if (!isText && (reader.factor !== 1 || reader.offset !== 0)) {
        raws[k] = raw
        rawUnit.set(k, kindId, reader.rawUnit)
      } else {
        raws[k] = Number.NaN
        if (reader.rawUnit !== null && reader.rawUnit !== reader.unit) rawUnit.set(k, kindId, reader.rawUnit)
      }
      values[k] = value
      metric.set(k, kindId, reader.metric)
      type.set(k, kindId, (vocabulary.kinds[kindId] as Kind).type)
      unit.set(k, kindId, reader.unit)
      const place = vocabulary.places[placeId]
      offset.set(k, placeId, place === undefined || offset.knows(placeId) ? null : offsetName(place.offsetMinutes))
      zone.set(k, placeId, place?.zone ?? null)
      const origin = vocabulary.origins[originId]
      version.set(k, originId, origin?.version ?? null)
      device.set(k, originId, origin?.device ?? null)
      const metadataAt = rows.uints[row * ROW_INTS + 7] as number
      if (metadataAt > 0) metadata.set(k, metadataAt, metadata.knows(metadataAt) ? null : heap.get(metadataAt * 8))
      const reason = verdict(reader, value, isText, startMs)
      if (reason !== null) {
        quarantine.set(k, -1, reason)
        if (!(bits & Bits.BEAT)) tally.note(reason, (vocabulary.kinds[kindId] as Kind).type)
      }
      const said = flagWords(reader, bits & (Bits.MANUAL | Bits.CREATED_EARLY), startMs)
      if (said !== null) flags.set(k, -1, said)
    }
    return {
      rows: count,
      words: Object.fromEntries(names.map((name) => [name, word(name).take()])) as Record<WordColumn, Words>,
      instants: { start, end, created },
      numbers: { value: values, raw_value: raws } satisfies Record<NumberColumn, Float64Array>,
    }
  }
}

function readerOf(kind: Kind): Reader {
  const row: MetricRow | null = kind.metric === null ? null : metrics[kind.metric]
  const category = row?.kind === 'category' || /^HKCategoryType|^Workout$|^ActivitySummary$/.test(kind.type)
  const known = row === null || kind.convert !== null || category
  const isRecord = kind.type.startsWith('HK')
  return {
    metric: kind.type === 'Workout' ? 'workout' : kind.metric,
    unit: row === null ? (kind.type === 'Workout' ? 'min' : kind.unit) : known ? row.unit : null,
    rawUnit: kind.unit,
    factor: kind.convert?.factor ?? 1,
    offset: kind.convert?.offset ?? 0,
    min: row?.plausible[0] ?? Number.NEGATIVE_INFINITY,
    max: row?.plausible[1] ?? Number.POSITIVE_INFINITY,
    outOfRange: row?.outOfRange ?? 'out_of_range',
    quarantine: known ? null : 'unit_unknown',
    flag: row === null && isRecord ? 'unmapped_type' : null,
    category,
  }
}

interface WordBuilder {
  begin(codes: Int32Array<ArrayBuffer>): void
  /** `id` stands for the word within this table, so that most words are looked up by number; −1 when it does not. */
  set(row: number, id: number, text: string | null): void
  knows(id: number): boolean
  take(): Words
}

function wordBuilder(): WordBuilder {
  let codes: Int32Array = new Int32Array(0)
  let words: string[] = []
  let byId = new Map<number, number>()
  let byText = new Map<string, number>()
  let lastId = Number.NaN
  let lastCode = -1
  return {
    begin(column) {
      codes = column.fill(-1)
      words = []
      byId = new Map()
      byText = new Map()
      lastId = Number.NaN
    },
    set(row, id, text) {
      if (id === lastId && id >= 0) {
        codes[row] = lastCode
        return
      }
      let code = id >= 0 ? byId.get(id) : undefined
      if (code === undefined) {
        code = text === null ? -1 : (byText.get(text) ?? -2)
        if (code === -2) {
          code = words.push(text as string) - 1
          byText.set(text as string, code)
        }
        if (id >= 0) byId.set(id, code)
      }
      lastId = id
      lastCode = code
      codes[row] = code
    },
    knows: (id) => byId.has(id),
    take: () => ({ codes, words }),
  }
}
