import type { Source } from '../../model/source.ts'
import { localDate, type ZoneTimeline, zoneAt } from '../../model/zone.ts'
import { dateText, startOfDay, utcMidnight } from '../../model/zone-offset.ts'
import { type DayWindow, dayWindow } from './day-window.ts'
import { ACTIVITY_SUMMARY } from './elements.ts'
import { ROW_DOUBLES, ROW_SHORTS, type Rows } from './rows.ts'
import { sourceReader } from './sources.ts'
import type { Spill } from './spill.ts'
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
  const sourceOf = sourceReader(vocabulary)
  const isSummary = Uint8Array.from(vocabulary.kinds, ({ type }) => (type === ACTIVITY_SUMMARY ? 1 : 0))
  const open = new Map<number, Bucket>()
  const window = dayWindow(spill)
  const cutsNear = cutsOver(timeline)

  function bucketOf(key: number): Bucket {
    const known = open.get(key)
    if (known) return known
    const source = sourceOf.source(key % 65_536)
    const bucket = { source, localDate: dateName(Math.floor(key / 65_536)), rows: window.rows(), index: window.newIndex(), count: 0 }
    open.set(key, bucket)
    return bucket
  }

  function place(day: number, from: number, to: number): void {
    const { doubles, shorts } = window.rows()
    const cuts = cutsNear(day)
    let bucket: Bucket | undefined
    let lastKey = -1
    for (let row = from; row < to; row++) {
      const kind = shorts[row * ROW_SHORTS + 16] as number
      const ms = doubles[row * ROW_DOUBLES] as number
      const date = isSummary[kind] === 1 ? Math.floor(ms / DAY_MS) : localDay(cuts, ms)
      const key = date * 65_536 + sourceOf.number(shorts[row * ROW_SHORTS + 17] as number)
      if (key !== lastKey || bucket === undefined) {
        bucket = bucketOf(key)
        lastKey = key
      }
      if (bucket.count === bucket.index.length) bucket.index = doubled(bucket.index)
      bucket.index[bucket.count++] = row
    }
  }

  for (const day of spill.days()) {
    // Local dates run at most a day ahead of or behind UTC.
    yield* finished(open, dateName(day - 1), window)
    const { from, to } = window.take(day, open.values())
    place(day, from, to)
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

/** Where the local date changes within a UTC day and the next; looked up once a day, and only where the date or the zone changes. */
function cutsOver(timeline: ZoneTimeline): (day: number) => readonly Cut[] {
  let following: { readonly day: number; readonly cuts: readonly Cut[] } | undefined
  return (day) => {
    const first = following?.day === day ? following.cuts : cutsOf(timeline, day)
    const second = cutsOf(timeline, day + 1)
    following = { day: day + 1, cuts: second }
    return [...first, ...second]
  }
}

/** The local date at an instant of them, as days since 1970. */
function localDay(cuts: readonly Cut[], ms: number): number {
  let k = 0
  while (k < cuts.length - 1 && ms >= (cuts[k] as Cut).untilMs) k++
  return (cuts[k] as Cut).day
}

interface Cut {
  readonly untilMs: number
  readonly day: number
}

function cutsOf(timeline: ZoneTimeline, day: number): Cut[] {
  const from = day * DAY_MS
  const cuts: Cut[] = []
  for (let at = from; at < from + DAY_MS; ) {
    const dateMs = utcMidnight(localDate(timeline, at))
    const nextDate = startOfDay(zoneAt(timeline, at), dateMs + DAY_MS)
    const nextSpan = timeline.find((span) => span.fromMs > at)?.fromMs ?? Number.POSITIVE_INFINITY
    at = Math.min(nextDate, nextSpan, from + DAY_MS)
    cuts.push({ untilMs: at, day: dateMs / DAY_MS })
  }
  return cuts
}
