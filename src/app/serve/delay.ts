export interface Delay extends Disposable {
  /** How late timers of this process fire, ms, as an average of the last half second: near 0 where it has time. */
  ms(): number
}

const EVERY_MS = 20
const OVER_MS = 500

export function watchDelay(): Delay {
  let delayMs = 0
  let lastMs = performance.now()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const sinceMs = nowMs - lastMs
    const weight = Math.min(1, sinceMs / OVER_MS)
    delayMs += weight * (Math.max(0, sinceMs - EVERY_MS) - delayMs)
    lastMs = nowMs
  }, EVERY_MS)
  timer.unref()
  return { ms: () => delayMs, [Symbol.dispose]: () => clearInterval(timer) }
}
