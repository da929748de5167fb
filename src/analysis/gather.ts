import { firstFrom } from '../model/first-from.ts'
import type { Series } from '../model/series.ts'
import type { Source } from '../model/source.ts'
import { doubles } from '../signal/memory.ts'
import type { Samples } from '../signal/samples.ts'
import { compareIds } from './frame.ts'

/** The readings of one source, sorted by start. */
export interface SourceSamples extends Samples {
  readonly source: Source
}

/** Which samples are wanted: those that start in [fromMs, toMs). */
export interface Wanted {
  readonly fromMs: number
  readonly toMs: number
  /** Also those that began before and reach in. */
  readonly isReaching?: boolean
  /** Only what was typed in, or only what was not. */
  readonly manual?: 0 | 1
}

/** Samples of all sources apart, those that start in [fromMs, toMs). Sources in order of their ids; empty ones left out. */
export function bySource(series: readonly Series[], fromMs: number, toMs: number): SourceSamples[] {
  const groups = new Map<string, Series[]>()
  for (const block of series) {
    const same = groups.get(block.source.id)
    if (same === undefined) groups.set(block.source.id, [block])
    else same.push(block)
  }
  const found: SourceSamples[] = []
  for (const blocks of groups.values()) {
    const { startMs, endMs, value } = gathered(blocks, { fromMs, toMs })
    if (value.length > 0) found.push({ source: (blocks[0] as Series).source, startMs, endMs, value })
  }
  return found.length > 1 ? found.sort((a, b) => compareIds(a.source.id, b.source.id)) : found
}

/** The samples worth keeping, from all blocks, in one order whatever the order of the blocks; they may be a part of a block's own columns. */
export function gathered(blocks: readonly Series[], wanted: Wanted): Samples {
  const parts: Samples[] = []
  for (const block of blocks) {
    const found = wantedOf(block, wanted)
    if (found !== undefined && found.value.length > 0) parts.push(found)
  }
  const only = parts[0]
  if (only === undefined) return { startMs: new Float64Array(0), endMs: new Float64Array(0), value: new Float64Array(0) }
  const all = parts.length === 1 ? only : joined(parts)
  return ascends(all.startMs) ? all : once(ordered(all))
}

/** One part as it lies there; where some rows of it are not wanted the others, copied; nothing where none is. */
function wantedOf(block: Series, { fromMs, toMs, isReaching = false, manual }: Wanted): Samples | undefined {
  const from = firstFrom(block.startMs, fromMs)
  const to = firstFrom(block.startMs, toMs)
  const early = isReaching ? reachingRows(block, from, fromMs) : none
  const first = early[0] ?? from
  if (first >= to || (manual !== undefined && !hasWithin(block.manual, manual, first, to))) return undefined
  if (early.length === from - first && (manual === undefined || !hasWithin(block.manual, 1 - manual, first, to)))
    return part(block, first, to)
  const rows = [...early]
  for (let row = from; row < to; row++) rows.push(row)
  return picked(block, manual === undefined ? rows : rows.filter((row) => block.manual[row] === manual))
}

const none: readonly number[] = []

function hasWithin(column: Uint8Array, value: number, from: number, to: number): boolean {
  const at = column.indexOf(value, from)
  return at >= 0 && at < to
}

/** Those before `until` that end after an instant. */
function reachingRows({ endMs }: Series, until: number, atMs: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < until; row++) if ((endMs[row] as number) > atMs) rows.push(row)
  return rows
}

function part({ startMs, endMs, value }: Samples, from: number, to: number): Samples {
  if (from === 0 && to === startMs.length) return { startMs, endMs, value }
  return { startMs: startMs.subarray(from, to), endMs: endMs.subarray(from, to), value: value.subarray(from, to) }
}

function joined(parts: readonly Samples[]): Samples {
  const size = parts.reduce((sum, { value }) => sum + value.length, 0)
  const [startMs, endMs, value] = [doubles(size), doubles(size), doubles(size)]
  let at = 0
  for (const each of parts.toSorted((a, b) => (a.startMs[0] as number) - (b.startMs[0] as number))) {
    startMs.set(each.startMs, at)
    endMs.set(each.endMs, at)
    value.set(each.value, at)
    at += each.value.length
  }
  return { startMs, endMs, value }
}

/** Copies of the samples at some places. */
export function picked({ startMs, endMs, value }: Samples, rows: ArrayLike<number>): Samples {
  const count = rows.length
  const some: Samples = { startMs: doubles(count), endMs: doubles(count), value: doubles(count) }
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number
    some.startMs[at] = startMs[row] as number
    some.endMs[at] = endMs[row] as number
    some.value[at] = value[row] as number
  }
  return some
}

/** Whether each starts after the one before: then they are in order, and none is there twice. */
function ascends(startMs: Float64Array): boolean {
  for (let i = 1; i < startMs.length; i++) if ((startMs[i] as number) <= (startMs[i - 1] as number)) return false
  return true
}

/**
 * A sample may stand in two sessions: a later import that knows where the person was dates it anew, and the one before keeps it too. Of
 * samples that are alike in everything one is left.
 */
function once(samples: Samples): Samples {
  const { startMs, endMs, value } = samples
  const isNew = (i: number) => i === 0 || value[i] !== value[i - 1] || startMs[i] !== startMs[i - 1] || endMs[i] !== endMs[i - 1]
  const rows: number[] = []
  for (let i = 0; i < value.length; i++) if (isNew(i)) rows.push(i)
  return rows.length === value.length ? samples : picked(samples, rows)
}

function ordered(samples: Samples): Samples {
  const { startMs, endMs, value } = samples
  const compare = (a: number, b: number) =>
    (startMs[a] as number) - (startMs[b] as number) ||
    (endMs[a] as number) - (endMs[b] as number) ||
    (value[a] as number) - (value[b] as number)
  let sorted = true
  for (let i = 1; i < value.length && sorted; i++) sorted = compare(i - 1, i) <= 0
  return sorted ? samples : picked(samples, Uint32Array.from(value, (_, index) => index).sort(compare))
}
