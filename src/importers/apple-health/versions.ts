import type { Heap } from './heap.ts'
import { Bits, bitsOf, ROW_INTS, type Rows } from './rows.ts'

/** Samples of order[from, to) with one sync identifier are versions of one sample: only the highest stays. Gives where those that stay end. */
export function latestVersions(rows: Rows, order: Int32Array, from: number, to: number, heap: Heap): number {
  const best = new Map<string, { row: number; version: number }>()
  for (let k = from; k < to; k++) {
    const sync = syncOf(rows, order[k] as number, heap)
    if (sync && sync.version > (best.get(sync.id)?.version ?? Number.NEGATIVE_INFINITY))
      best.set(sync.id, { row: order[k] as number, version: sync.version })
  }
  let kept = from
  for (let k = from; k < to; k++) {
    const row = order[k] as number
    const sync = syncOf(rows, row, heap)
    if (!sync || best.get(sync.id)?.row === row) order[kept++] = row
  }
  return kept
}

function syncOf(rows: Rows, row: number, heap: Heap): { id: string; version: number } | undefined {
  if (!(bitsOf(rows, row) & Bits.SYNC)) return undefined
  const metadata: Record<string, string> = JSON.parse(heap.get((rows.uints[row * ROW_INTS + 7] as number) * 8))
  return { id: metadata.HKMetadataKeySyncIdentifier ?? '', version: Number(metadata.HKMetadataKeySyncVersion ?? 0) || 0 }
}
