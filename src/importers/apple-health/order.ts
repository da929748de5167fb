import type { Heap } from './heap.ts'
import { Bits, bitsOf, ROW_DOUBLES, ROW_INTS, ROW_SHORTS, type Rows } from './rows.ts'
import { latestVersions } from './versions.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Rows of a bucket in canonical order, each sample once. */
export interface Ordered {
  readonly rows: Int32Array
  readonly count: number
  readonly duplicates: number
  readonly superseded: number
  /** Rows that stood only inside a correlation: received after all. */
  readonly nestedOnly: number
}

/** Order of kinds: metric, then type, so that a metric's samples lie together in the file. */
export function kindRanks(vocabulary: Vocabulary): Int32Array {
  const names = vocabulary.kinds.map((kind) => `${kind.metric ?? '~'} ${kind.type}`)
  const sorted = [...new Set(names)].sort()
  const rankOf = new Map(sorted.map((name, rank) => [name, rank]))
  return Int32Array.from(names, (name) => rankOf.get(name) ?? 0)
}

let order = new Int32Array(4096)
let byRank = new Int32Array(4096)
let moved = new Int32Array(4096)
let keys = new Float64Array(4096)
let starts = new Int32Array(0)
let next = new Int32Array(0)
const INDEX = 2 ** 20

/** Orders the rows that the first `count` of `index` name. The result is good until the next call. */
export function orderRows(rows: Rows, index: Int32Array, count: number, ranks: Int32Array, heap: Heap): Ordered {
  if (count > order.length) {
    const size = 2 ** Math.ceil(Math.log2(count))
    order = new Int32Array(size)
    byRank = new Int32Array(size)
    moved = new Int32Array(size)
    keys = new Float64Array(size)
  }
  groupByRank(rows, index, count, ranks)
  const anyBits = bitsOfAny(rows, count)
  let kept = 0
  let nestedOnly = 0
  let superseded = 0
  for (let rank = 0; rank + 1 < starts.length; rank++) {
    const from = starts[rank] as number
    const to = starts[rank + 1] as number
    if (from === to) continue
    const first = kept
    kept = sortByStart(rows, from, to) ? keepAll(from, to, kept) : keepOnce(rows, from, to, kept, heap)
    const before = kept
    if (anyBits & Bits.SYNC) kept = latestVersions(rows, order, first, kept, heap)
    superseded += before - kept
    if (anyBits & Bits.NESTED) nestedOnly += nestedIn(rows, first, kept)
  }
  const duplicates = kept === count ? 0 : countLost(rows, count, kept) - superseded
  return { rows: order, count: kept, duplicates, superseded, nestedOnly }
}

function bitsOfAny(rows: Rows, count: number): number {
  let any = 0
  for (let k = 0; k < count; k++) any |= bitsOf(rows, byRank[k] as number)
  return any
}

function nestedIn(rows: Rows, from: number, to: number): number {
  let nested = 0
  for (let k = from; k < to; k++) if ((bitsOf(rows, order[k] as number) & (Bits.NESTED | Bits.BEAT)) === Bits.NESTED) nested++
  return nested
}

/** Puts the rows of each rank together, in the order of the index, into `byRank`, and where each rank begins into `starts`. */
function groupByRank({ shorts }: Rows, index: Int32Array, count: number, ranks: Int32Array): void {
  if (starts.length !== ranks.length + 1) {
    starts = new Int32Array(ranks.length + 1)
    next = new Int32Array(ranks.length + 1)
  }
  starts.fill(0)
  for (let k = 0; k < count; k++) {
    const rank = ranks[shorts[(index[k] as number) * ROW_SHORTS + 16] as number] as number
    starts[rank + 1] = (starts[rank + 1] as number) + 1
  }
  for (let rank = 1; rank < starts.length; rank++) starts[rank] = (starts[rank] as number) + (starts[rank - 1] as number)
  next.set(starts)
  for (let k = 0; k < count; k++) {
    const row = index[k] as number
    const rank = ranks[shorts[row * ROW_SHORTS + 16] as number] as number
    byRank[next[rank] as number] = row
    next[rank] = (next[rank] as number) + 1
  }
}

/** Sorts byRank[from, to) by start. True when no two starts are equal. */
function sortByStart({ doubles }: Rows, from: number, to: number): boolean {
  const base = doubles[(byRank[from] as number) * ROW_DOUBLES] as number
  let least = base
  let most = base
  let ascending = true
  let distinct = true
  let last = Number.NEGATIVE_INFINITY
  for (let k = from; k < to; k++) {
    const start = doubles[(byRank[k] as number) * ROW_DOUBLES] as number
    if (start < last) ascending = false
    else if (start === last) distinct = false
    last = start
    if (start < least) least = start
    if (start > most) most = start
  }
  if (ascending) return distinct
  if (to - from < INDEX && most - least < 2 ** 32) return sortByKeys(doubles, from, to, least)
  byRank.subarray(from, to).sort((a, b) => (doubles[a * ROW_DOUBLES] as number) - (doubles[b * ROW_DOUBLES] as number))
  return false
}

/** The same by one number a row: its start, then its place. */
function sortByKeys(doubles: Float64Array, from: number, to: number, least: number): boolean {
  const count = to - from
  for (let k = 0; k < count; k++) {
    const row = byRank[from + k] as number
    moved[k] = row
    keys[k] = ((doubles[row * ROW_DOUBLES] as number) - least) * INDEX + k
  }
  keys.subarray(0, count).sort()
  let distinct = true
  let last = -1
  for (let k = 0; k < count; k++) {
    const key = keys[k] as number
    const start = Math.floor(key / INDEX)
    byRank[from + k] = moved[key - start * INDEX] as number
    if (start === last) distinct = false
    last = start
  }
  return distinct
}

function keepAll(from: number, to: number, at: number): number {
  let kept = at
  for (let k = from; k < to; k++) order[kept++] = byRank[k] as number
  return kept
}

function sortTies(rows: Rows, from: number, to: number, heap: Heap): void {
  for (let k = from; k < to; ) {
    const start = rows.doubles[(byRank[k] as number) * ROW_DOUBLES]
    let end = k + 1
    while (end < to && rows.doubles[(byRank[end] as number) * ROW_DOUBLES] === start) end++
    if (end - k > 1) byRank.subarray(k, end).sort((a, b) => compare(rows, a, b, heap))
    k = end
  }
}

/** Same start and type: by end, value, then the top-level record before its repetition, then the earlier created. */
function compare(rows: Rows, a: number, b: number, heap: Heap): number {
  const different = differs(rows, a, b, heap)
  if (different !== 0) return different
  const nested = (bitsOf(rows, a) & Bits.NESTED) - (bitsOf(rows, b) & Bits.NESTED)
  if (nested !== 0) return nested
  return (rows.ints[a * ROW_INTS + 6] as number) - (rows.ints[b * ROW_INTS + 6] as number) || a - b
}

/** 0 when two rows of the same type and start are the same sample. */
function differs(rows: Rows, a: number, b: number, heap: Heap): number {
  const ends = (rows.doubles[a * ROW_DOUBLES + 1] as number) - (rows.doubles[b * ROW_DOUBLES + 1] as number)
  if (ends !== 0) return ends
  const units = (rows.shorts[a * ROW_SHORTS + 16] as number) - (rows.shorts[b * ROW_SHORTS + 16] as number)
  if (units !== 0) return units
  const texts = (bitsOf(rows, a) & Bits.TEXT) - (bitsOf(rows, b) & Bits.TEXT)
  return texts !== 0 ? texts : valuesDiffer(rows, a, b, heap)
}

function valuesDiffer(rows: Rows, a: number, b: number, heap: Heap): number {
  const valueA = rows.doubles[a * ROW_DOUBLES + 2] as number
  const valueB = rows.doubles[b * ROW_DOUBLES + 2] as number
  if (Object.is(valueA, valueB) || valueA === valueB) return 0
  if (bitsOf(rows, a) & Bits.TEXT) return compareWords(heap.get(valueA), heap.get(valueB))
  return valueA - valueB || (Number.isNaN(valueA) ? 1 : -1)
}

function compareWords(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Each sample once, where several begin at the same time. */
function keepOnce(rows: Rows, from: number, to: number, at: number, heap: Heap): number {
  sortTies(rows, from, to, heap)
  let kept = at
  for (let k = from; k < to; k++) {
    const row = byRank[k] as number
    const previous = k > from ? (byRank[k - 1] as number) : -1
    const same =
      previous >= 0 && rows.doubles[row * ROW_DOUBLES] === rows.doubles[previous * ROW_DOUBLES] && differs(rows, previous, row, heap) === 0
    if (!same) order[kept++] = row
  }
  return kept
}

/** Received rows that are not in the order: beats and repetitions inside correlations were never received. */
function countLost(rows: Rows, count: number, kept: number): number {
  let received = 0
  for (let k = 0; k < count; k++) if (!(bitsOf(rows, byRank[k] as number) & (Bits.NESTED | Bits.BEAT))) received++
  let keptReceived = 0
  for (let k = 0; k < kept; k++) if (!(bitsOf(rows, order[k] as number) & (Bits.NESTED | Bits.BEAT))) keptReceived++
  return received - keptReceived
}
