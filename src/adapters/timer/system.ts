import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Timer } from '../../ports/timer.ts'

export const systemTimer: Timer = {
  elapsedMs: () => performance.now(),
  async wait(ms) {
    if (ms === 0) return setImmediate()
    const end = performance.now() + ms
    // A timer of Node may fire a millisecond early.
    for (let left = ms; left > 0; left = end - performance.now()) await setTimeout(Math.ceil(left))
  },
}
