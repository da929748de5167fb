export interface Turns {
  /** Calls `begin` in this turn of the event loop, or in one of the next: in the order of the calls. */
  take(cost: number, begin: () => void): void
}

/** So much is begun in one turn of the event loop, and one thing at least: between two turns others are answered. */
export function makeTurns(most: number): Turns {
  const waiting: { readonly cost: number; readonly begin: () => void }[] = []
  let begun = 0

  function beginSome(): void {
    for (let next = waiting[0]; next !== undefined && begun < most; next = waiting[0]) {
      if (begun === 0) setImmediate(turn)
      begun += next.cost
      waiting.shift()
      next.begin()
    }
  }

  function turn(): void {
    begun = 0
    beginSome()
  }

  return {
    take(cost, begin) {
      waiting.push({ cost, begin })
      if (waiting.length === 1) beginSome()
    },
  }
}
