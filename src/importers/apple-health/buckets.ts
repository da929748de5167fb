import type { Source, SourceKind } from '../../model/source.ts'
import { localDate, type ZoneTimeline, zoneAt } from '../../model/zone.ts'
import { ACTIVITY_SUMMARY } from './elements.ts'
import { newRows, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'
import type { Spill } from './spill.ts'
import type { Vocabulary } from './vocabulary.ts'

const DAY_MS = 86_400_000

/** The rows of one source and one local date, in the order of the file within each run. */
export interface Bucket {
  readonly source: Source
  readonly localDate: string
  rows: Rows
  count: number
}

/** Sorts the spilled rows into buckets, date by date; a date is given out once no later row can belong to it. */
export function* buckets(spill: Spill, vocabulary: Vocabulary, timeline: ZoneTimeline): Generator<Bucket> {
  const sourceOf = sourceReader(vocabulary)
  const summaries = new Set(vocabulary.kinds.flatMap((kind, id) => (kind.type === ACTIVITY_SUMMARY ? [id] : [])))
  const open = new Map<number, Bucket>()
  for (const day of spill.days()) {
    // Local dates run at most a day ahead of or behind UTC.
    yield* finished(open, dateName(day - 1))
    const { rows, count } = spill.day(day)
    const dates = datesOf(timeline, day)
    let bucket: Bucket | undefined
    let lastKey = -1
    for (let row = 0; row < count; row++) {
      const kind = rows.shorts[row * ROW_SHORTS + 16] as number
      const date = summaries.has(kind) ? day : dates.dayAt(rows.doubles[row * ROW_DOUBLES] as number)
      const sourceNumber = sourceOf.number(rows.shorts[row * ROW_SHORTS + 17] as number)
      const key = date * 65_536 + sourceNumber
      if (key !== lastKey || bucket === undefined) {
        bucket = open.get(key) ?? newBucket(open, key, sourceOf.source(sourceNumber), dateName(date))
        lastKey = key
      }
      add(bucket, rows, row)
    }
  }
  yield* finished(open, '9999-99-99')
}

function* finished(open: Map<number, Bucket>, before: string): Generator<Bucket> {
  const ready = [...open].filter(([, bucket]) => bucket.localDate < before)
  ready.sort(([a], [b]) => a - b)
  for (const [key, bucket] of ready) {
    open.delete(key)
    yield bucket
    if (spare.length < SPARE) spare.push(bucket.rows)
  }
}

// Blocks of finished buckets are filled again: a bucket's rows are good until the next one is taken.
const SPARE = 8
const spare: Rows[] = []

function newBucket(open: Map<number, Bucket>, key: number, source: Source, date: string): Bucket {
  const bucket: Bucket = { source, localDate: date, rows: spare.pop() ?? newRows(1024), count: 0 }
  open.set(key, bucket)
  return bucket
}

function add(bucket: Bucket, rows: Rows, row: number): void {
  if (bucket.count === bucket.rows.capacity) {
    const wider = newRows(bucket.rows.capacity * 2)
    wider.bytes.set(bucket.rows.bytes)
    bucket.rows = wider
  }
  const from = row * ROW_INTS
  const to = bucket.count++ * ROW_INTS
  const target = bucket.rows.ints
  for (let k = 0; k < ROW_INTS; k++) target[to + k] = rows.ints[from + k] as number
}

function dateName(day: number): string {
  return new Temporal.PlainDate(1970, 1, 1).add({ days: day }).toString()
}

/** The local date at instants within one UTC day, as days since 1970; asks the calendar only where the date or the zone changes. */
function datesOf(timeline: ZoneTimeline, day: number): { dayAt(ms: number): number } {
  const from = day * DAY_MS
  const cuts: { readonly untilMs: number; readonly day: number }[] = []
  for (let at = from; at < from + DAY_MS; ) {
    const date = Temporal.PlainDate.from(localDate(timeline, at))
    const nextDate = date.add({ days: 1 }).toZonedDateTime(zoneAt(timeline, at)).epochMilliseconds
    const nextSpan = timeline.find((span) => span.fromMs > at)?.fromMs ?? Number.POSITIVE_INFINITY
    at = Math.min(nextDate, nextSpan, from + DAY_MS)
    cuts.push({ untilMs: at, day: date.toZonedDateTime('UTC').epochMilliseconds / DAY_MS })
  }
  const last = cuts.at(-1)?.day ?? day
  return {
    dayAt(ms) {
      for (let k = 0; k < cuts.length; k++) if (ms < (cuts[k] as { untilMs: number }).untilMs) return (cuts[k] as { day: number }).day
      return last
    },
  }
}

/** Sources by number: several origins (versions, devices) may be one source. */
function sourceReader(vocabulary: Vocabulary): { number(origin: number): number; source(number: number): Source } {
  const numbers: number[] = []
  const sources: Source[] = []
  return {
    number(origin) {
      let number = numbers[origin]
      if (number === undefined) {
        const { sourceName, device } = vocabulary.origins[origin] ?? { sourceName: 'unknown', device: null }
        const kind = sourceKind(sourceName, device)
        const id = sourceId(sourceName, kind)
        number = sources.findIndex((source) => source.id === id)
        if (number < 0) number = sources.push({ id, name: sourceName.slice(0, 500) || 'unknown', kind }) - 1
        numbers[origin] = number
      }
      return number
    },
    source: (number) => sources[number] as Source,
  }
}

const deviceWords: readonly (readonly [RegExp, SourceKind])[] = [
  [/name:Apple Watch|model:Watch|hardware:Watch/i, 'watch'],
  [/name:iP(?:hone|ad|od)|model:iP(?:hone|ad|od)/i, 'phone'],
]
const nameWords: readonly (readonly [RegExp, SourceKind])[] = [
  [/\bwatch\b/i, 'watch'],
  [/\b(?:iphone|ipad|phone)\b/i, 'phone'],
  [/\b(?:oura|ringconn|ring)\b/i, 'ring'],
  [/\b(?:whoop|strap|polar h\d+)\b/i, 'strap'],
  [/\b(?:scale|body\+|body scan|renpho|eufy)(?:\b|$|\s)/i, 'scale'],
]

/** The device decides; without one, the name that people and makers give. An app is what is left. */
export function sourceKind(name: string, device: string | null): SourceKind {
  const words = device === null ? nameWords : deviceWords
  const found = words.find(([pattern]) => pattern.test(device ?? name)) ?? nameWords.find(([pattern]) => pattern.test(name))
  return found?.[1] ?? 'app'
}

/** Two 32-bit hashes in the manner of FNV-1a, each with a multiplier of its own: short, stable, and the same on every machine. */
export function sourceId(name: string, kind: SourceKind): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (const letter of `${kind} ${name}`) {
    const point = letter.codePointAt(0) ?? 0
    high = Math.imul(high ^ point, 0x01000193)
    low = Math.imul(low ^ (point + 0x9e37), 0x85ebca6b)
  }
  const hex = (half: number) => (half >>> 0).toString(16).padStart(8, '0')
  return `${kind}_${hex(high)}${hex(low)}`
}
