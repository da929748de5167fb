import type { Source } from '../../model/source.ts'
import { localDate, type ZoneTimeline, zoneAt } from '../../model/zone.ts'
import { dateText, startOfDay, utcMidnight } from '../../model/zone-offset.ts'
import { type DayWindow, dayWindow } from './day-window.ts'
import { ACTIVITY_SUMMARY } from './elements.ts'
import { ROW_DOUBLES, ROW_SHORTS, type Rows } from './rows.ts'
import { sourcesOf } from './sources.ts'
import { SPAN_DAYS, type Spill } from './spill.ts'
import type { Vocabulary } from './vocabulary.ts'

const DAY_MS = 86_400_000

/** The rows of one source and one local date, in the order of the file within each UTC day. */
export interface Bucket {
  readonly source: Source
  readonly localDate: string
  /** Where they stand in `rows`, in the first `count` of `index`: good until the next bucket is taken. */
  rows: Rows
  index: Int32Array
  count: number
}

/** Sorts the spilled rows into buckets, date by date; a date is given out once no later row can belong to it. */
export function* buckets(spill: Spill, vocabulary: Vocabulary, timeline: ZoneTimeline): Generator<Bucket> {
  const { sources, ofOrigin } = sourcesOf(vocabulary)
  const isSummary = Uint8Array.from(vocabulary.kinds, ({ type }) => (type === ACTIVITY_SUMMARY ? 1 : 0))
  const open = new Map<number, Bucket>()
  const window = dayWindow(spill)
  const cutsNear = cutsOver(timeline)

  function bucketOf(key: number): Bucket {
    const known = open.get(key)
    if (known) return known
    const source = sources[key % 65_536] as Source
    const bucket = { source, localDate: dateName(Math.floor(key / 65_536)), rows: window.rows(), index: window.newIndex(), count: 0 }
    open.set(key, bucket)
    return bucket
  }

  function place(cuts: readonly Cut[], from: number, to: number): void {
    const rows = window.rows()
    for (let row = from; row < to; ) {
      const ms = rows.doubles[row * ROW_DOUBLES] as number
      const summary = isSummary[rows.shorts[row * ROW_SHORTS + 16] as number] === 1
      const cut = cutAt(cuts, ms)
      const date = summary ? Math.floor(ms / DAY_MS) : cut.day
      const end = summary ? row + 1 : runEnd(rows, row, to, cut)
      const number = ofOrigin[rows.shorts[row * ROW_SHORTS + 17] as number] as number
      append(bucketOf(date * 65_536 + number), row, end)
      row = end
    }
  }

  for (const span of spill.spans()) {
    const day = span * SPAN_DAYS
    // Local dates run at most a day ahead of or behind UTC.
    yield* finished(open, dateName(day - 1), window)
    const { from, to } = window.take(span, open.values())
    place(cutsNear(day), from, to)
  }
  yield* finished(open, '9999-99-99', window)
}

function* finished(open: Map<number, Bucket>, before: string, window: DayWindow): Generator<Bucket> {
  const ready = [...open].filter(([, bucket]) => bucket.localDate < before)
  ready.sort(([a], [b]) => a - b)
  for (const [key, bucket] of ready) {
    open.delete(key)
    yield bucket
    window.spare(bucket.index)
  }
}

function doubled(index: Int32Array): Int32Array {
  const wider = new Int32Array(index.length * 2)
  wider.set(index)
  return wider
}

function dateName(day: number): string {
  return dateText(day * DAY_MS)
}

/** Where the rows from `row` on, which are of one kind and origin and lie in `cut`, end. */
function runEnd({ doubles, shorts }: Rows, row: number, to: number, { fromMs, untilMs }: Cut): number {
  const kind = shorts[row * ROW_SHORTS + 16]
  const origin = shorts[row * ROW_SHORTS + 17]
  let end = row + 1
  while (end < to && shorts[end * ROW_SHORTS + 16] === kind && shorts[end * ROW_SHORTS + 17] === origin) {
    const ms = doubles[end * ROW_DOUBLES] as number
    if (!(ms >= fromMs && ms < untilMs)) break
    end++
  }
  return end
}

function append(bucket: Bucket, from: number, to: number): void {
  while (bucket.count + to - from > bucket.index.length) bucket.index = doubled(bucket.index)
  const { index, count } = bucket
  for (let row = from; row < to; row++) index[count + row - from] = row
  bucket.count = count + to - from
}

/** Where the local date changes within a span of UTC days and the next; looked up once a day, and only where the date or the zone changes. */
function cutsOver(timeline: ZoneTimeline): (day: number) => readonly Cut[] {
  let following: { readonly day: number; readonly cuts: readonly Cut[] } | undefined
  return (day) => {
    const first = following?.day === day ? following.cuts : cutsOfSpan(timeline, day)
    const second = cutsOfSpan(timeline, day + SPAN_DAYS)
    following = { day: day + SPAN_DAYS, cuts: second }
    return [...first, ...second]
  }
}

function cutsOfSpan(timeline: ZoneTimeline, day: number): Cut[] {
  return Array.from({ length: SPAN_DAYS }, (_, k) => cutsOf(timeline, day + k)).flat()
}

/** The one that an instant lies in. */
function cutAt(cuts: readonly Cut[], ms: number): Cut {
  let k = 0
  while (k < cuts.length - 1 && ms >= (cuts[k] as Cut).untilMs) k++
  return cuts[k] as Cut
}

/** A local date's part of a UTC day. */
interface Cut {
  readonly fromMs: number
  readonly untilMs: number
  /** Days since 1970. */
  readonly day: number
}

function cutsOf(timeline: ZoneTimeline, day: number): Cut[] {
  const from = day * DAY_MS
  const cuts: Cut[] = []
  for (let at = from; at < from + DAY_MS; ) {
    const dateMs = utcMidnight(localDate(timeline, at))
    const nextDate = startOfDay(zoneAt(timeline, at), dateMs + DAY_MS)
    const nextSpan = timeline.find((span) => span.fromMs > at)?.fromMs ?? Number.POSITIVE_INFINITY
    const untilMs = Math.min(nextDate, nextSpan, from + DAY_MS)
    cuts.push({ fromMs: at, untilMs, day: dateMs / DAY_MS })
    at = untilMs
  }
  return cuts
}
