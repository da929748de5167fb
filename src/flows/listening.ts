import type { Timer } from '../ports/timer.ts'

/** Who listens to something that goes on, and until when. */
export interface Listening {
  /** Asked four times a second; it ends where this says no. */
  readonly mayStill: () => Promise<boolean>
  readonly signal: Ending
}

/** What an `AbortSignal` says. */
interface Ending {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void
}

const RECHECK_MS = 250
/** Without a word from the cache the store is looked at so often all the same. */
const LOOK_MS = 5000

/** Until there may be something new, or the feed is to end. */
export async function rest(timer: Timer, bell: Bell, isOpen: () => Promise<boolean>): Promise<void> {
  const endMs = timer.elapsedMs() + LOOK_MS
  while (timer.elapsedMs() < endMs && !(await bell.heard(RECHECK_MS))) if (!(await isOpen())) return
}

/** Asks again whether the reader may once the last yes is old. */
export function openUntil(timer: Timer, { mayStill, signal }: Listening): () => Promise<boolean> {
  let askedMs = Number.NEGATIVE_INFINITY
  let may = true
  return async () => {
    if (signal.aborted || !may) return false
    const nowMs = timer.elapsedMs()
    if (nowMs - askedMs >= RECHECK_MS) {
      may = await mayStill()
      askedMs = nowMs
    }
    return may && !signal.aborted
  }
}

export interface Bell {
  ring(): void
  /** Whether it rang since it was last heard, or does within `ms`; true also at the end. */
  heard(ms: number): Promise<boolean>
}

/** However often it rings while nobody listens, it has rung once. */
export function newBell(timer: Timer, signal: Ending): Bell {
  let rung = false
  let wake: (() => void) | undefined
  function ring(): void {
    rung = true
    wake?.()
  }
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    async heard(ms) {
      if (!rung) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), timer.wait(ms)])
      const heard = rung
      rung = false
      return heard
    },
  }
}
