import type { Series } from '../model/series.ts'
import type { Source } from '../model/source.ts'
import type { Samples } from '../signal/samples.ts'
import { compareIds } from './frame.ts'

/** The readings of one source, sorted by start. */
export interface SourceSamples extends Samples {
  readonly source: Source
}

/** Samples of all sources apart, those that start in [fromMs, toMs). Sources in order of their ids; empty ones left out. */
export function bySource(series: readonly Series[], fromMs: number, toMs: number): SourceSamples[] {
  const groups = new Map<string, Series[]>()
  for (const block of series) groups.set(block.source.id, [...(groups.get(block.source.id) ?? []), block])
  return [...groups.values()]
    .flatMap((blocks) => {
      const source = blocks[0]?.source
      return source === undefined ? [] : [{ source, ...gathered(blocks, (start) => start >= fromMs && start < toMs) }]
    })
    .filter(({ value }) => value.length > 0)
    .sort((a, b) => compareIds(a.source.id, b.source.id))
}

/** The samples worth keeping, from all blocks, in one order whatever the order of the blocks. */
export function gathered(blocks: readonly Series[], keep: (startMs: number, endMs: number, manual: number) => boolean): Samples {
  const size = blocks.reduce((sum, block) => sum + block.value.length, 0)
  const startMs = new Float64Array(size)
  const endMs = new Float64Array(size)
  const value = new Float64Array(size)
  let count = 0
  for (const block of blocks.toSorted((a, b) => (a.startMs[0] ?? 0) - (b.startMs[0] ?? 0))) {
    for (let i = 0; i < block.value.length; i++) {
      const start = block.startMs[i] ?? 0
      const end = block.endMs[i] ?? 0
      if (!keep(start, end, block.manual[i] ?? 0)) continue
      startMs[count] = start
      endMs[count] = end
      value[count] = block.value[i] ?? 0
      count++
    }
  }
  return once(ordered({ startMs: startMs.subarray(0, count), endMs: endMs.subarray(0, count), value: value.subarray(0, count) }))
}

/**
 * A sample may stand in two sessions: a later import that knows where the person was dates it anew, and the one before keeps it too. Of
 * samples that are alike in everything one is left.
 */
function once(samples: Samples): Samples {
  const { startMs, endMs, value } = samples
  const isNew = (i: number) => i === 0 || value[i] !== value[i - 1] || startMs[i] !== startMs[i - 1] || endMs[i] !== endMs[i - 1]
  if (value.every((_, i) => isNew(i))) return samples
  const kept = (column: Float64Array) => column.filter((_, i) => isNew(i))
  return { startMs: kept(startMs), endMs: kept(endMs), value: kept(value) }
}

function ordered(samples: Samples): Samples {
  const { startMs, endMs, value } = samples
  const compare = (a: number, b: number) =>
    (startMs[a] ?? 0) - (startMs[b] ?? 0) || (endMs[a] ?? 0) - (endMs[b] ?? 0) || (value[a] ?? 0) - (value[b] ?? 0)
  let sorted = true
  for (let i = 1; i < value.length && sorted; i++) sorted = compare(i - 1, i) <= 0
  if (sorted) return samples
  const order = Uint32Array.from(value, (_, index) => index).sort(compare)
  const picked = (column: Float64Array) => Float64Array.from(order, (index) => column[index] ?? 0)
  return { startMs: picked(startMs), endMs: picked(endMs), value: picked(value) }
}
