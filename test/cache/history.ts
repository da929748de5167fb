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
  const places = new Map<unknown, number>()
  const valuesOf = (path: string) => committed.get(path) ?? [undefined]
  const floor = (path: string) => acknowledged.get(path) ?? 0

  return {
    commit(writes) {
      for (const write of writes) {
        const values = [...valuesOf(write.path), write.op === 'put' ? nOf(write.body) : undefined]
        committed.set(write.path, values)
        places.set(identityOf(write), values.length - 1)
      }
    },
    acknowledge(writes) {
      for (const write of writes) {
        const place = places.get(identityOf(write))
        if (place === undefined) throw new Error('Acknowledged and never committed')
        acknowledged.set(write.path, Math.max(floor(write.path), place))
      }
    },
    floor,
    expectNotStale(path, from, n) {
      expect(valuesOf(path).slice(from), `what was at ${path} since the read began`).toContain(n)
    },
  }
}

/** A number is put once; a put may be copied on its way to the store. */
function identityOf(write: Write): unknown {
  return write.op === 'put' ? nOf(write.body) : write
}

function nOf(body: object): number {
  return (body as { readonly n: number }).n
}
