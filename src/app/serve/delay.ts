export interface Delay extends Disposable {
  /** How late timers of this process fired of late, ms: near 0 where it has time. */
  ms(): number
}

const EVERY_MS = 20
/** A peak is half forgotten after three readings, so that refusing ends soon after the load does. */
const KEPT = 0.8

export function watchDelay(): Delay {
  let delayMs = 0
  let dueMs = performance.now() + EVERY_MS
  const timer = setInterval(() => {
    const nowMs = performance.now()
    delayMs = Math.max(nowMs - dueMs, delayMs * KEPT)
    dueMs = nowMs + EVERY_MS
  }, EVERY_MS)
  timer.unref()
  return { ms: () => Math.max(0, delayMs), [Symbol.dispose]: () => clearInterval(timer) }
}
