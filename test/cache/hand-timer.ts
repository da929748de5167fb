import type { Timer } from '../../src/ports/timer.ts'

/** Time that passes only when somebody waits or says so. */
export function handTimer(): Timer & { pass(ms: number): void } {
  let elapsed = 1_700_000_000_000
  return {
    elapsedMs: () => elapsed,
    async wait(ms) {
      elapsed += ms
    },
    pass(ms) {
      elapsed += ms
    },
  }
}
