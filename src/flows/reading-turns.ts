import type { Timer } from '../ports/timer.ts'

/** Of many at once one reads at a time, while what the others have made of what they read is on its way to the disk. */
export interface ReadingTurns {
  /** In the order of asking. */
  take<T>(read: () => Promise<T>): Promise<T>
  /** In the middle of a turn: what the others wait for may have come, and goes first. */
  pause(): Promise<void>
}

export function readingTurns(timer: Pick<Timer, 'wait'>): ReadingTurns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(read) {
      const mine = last.then(read)
      last = mine.catch(() => undefined)
      return mine
    },
    pause: () => timer.wait(0),
  }
}
