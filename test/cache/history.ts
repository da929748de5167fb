import { expect } from 'vitest'
import type { Write } from '../../src/ports/documents.ts'

/** What was committed at each path, in order, and how far of that somebody was told. Bodies are `{ n }`. */
export interface History {
  /** At the moment of the commit. */
  commit(writes: readonly Write[]): void
  /** When the writer is told. */
  acknowledge(writes: readonly Write[]): void
  /** Before a read: what it must see, or anything later. */
  floor(path: string): number
  /** Fails when `n` is older than what stood at `floor`. */
  expectNotStale(path: string, floor: number, n: number | undefined): void
}

export function openHistory(): History {
  const committed = new Map<string, (number | undefined)[]>()
  const acknowledged = new Map<string, number>()
  const places = new Map<Write, number>()
  const valuesOf = (path: string) => committed.get(path) ?? [undefined]
  const floor = (path: string) => acknowledged.get(path) ?? 0

  return {
    commit(writes) {
      for (const write of writes) {
        const values = [...valuesOf(write.path), write.op === 'put' ? (write.body as { readonly n: number }).n : undefined]
        committed.set(write.path, values)
        places.set(write, values.length - 1)
      }
    },
    acknowledge(writes) {
      for (const write of writes) acknowledged.set(write.path, Math.max(floor(write.path), places.get(write) ?? 0))
    },
    floor,
    expectNotStale(path, from, n) {
      expect(valuesOf(path).slice(from), `what was at ${path} since the read began`).toContain(n)
    },
  }
}
