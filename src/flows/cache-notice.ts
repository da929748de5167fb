/**
 * `system/cache`: whether readers use the cache, on which all processes agree. `warming`: writers keep it true and readers
 * do not use it yet. It belongs to one store and one moment: a copied or restored store must be without it.
 */
export type Notice = Closed | Opened

export interface Closed {
  readonly state: 'off'
  /** At least so long until it is opened again. */
  readonly restMs: number
  readonly changedAtMs: number
}

export interface Opened {
  readonly state: 'warming' | 'on'
  /** A random name, never used twice: what is kept under it is read in this opening only. */
  readonly space: string
  /** The memory that holds it, as `Cache.memory()` names it. */
  readonly memory: string
  readonly restMs: number
  readonly changedAtMs: number
}

export const noticePath = 'system/cache'
/** How long a process may go by what it read. */
export const leaseMs = 1000
/** When every lease has run out that began before, also by clocks that run a little faster. */
export const runOutMs = leaseMs + 250
const longestRestMs = 60_000

/** As where no notice stands. */
export const neverOpened: Closed = { state: 'off', restMs: runOutMs, changedAtMs: 0 }

export interface Situation {
  /** How long this process has seen the notice as it is. */
  readonly ageMs: number
  /** What `Cache.memory()` says here. */
  readonly memory: string
  readonly nowMs: number
  readonly newId: () => string
}

/**
 * The step that is due, if one is. Any process may close the cache at any moment. To open it takes two steps, off to warming
 * and warming to on, each by a process that has seen the step before for `runOutMs`: so no process still holds an older
 * opening when the cache is warming, and every process keeps it true when it is on.
 */
export function stepFrom(notice: Notice, { ageMs, memory, nowMs, newId }: Situation): Notice | undefined {
  const { restMs } = notice
  if (ageMs < runOutMs) return undefined
  if (notice.state === 'off') return ageMs < restMs ? undefined : { state: 'warming', space: newId(), memory, restMs, changedAtMs: nowMs }
  if (notice.memory !== memory) return closedFrom(notice, nowMs)
  return notice.state === 'warming' ? { ...notice, state: 'on', changedAtMs: nowMs } : undefined
}

/** What is closed soon after it was opened rests longer: what closed it may still be there. */
export function closedFrom({ state, restMs, changedAtMs }: Notice, nowMs: number): Closed {
  if (state === 'off') return { state, restMs, changedAtMs: nowMs }
  const isSettled = nowMs - changedAtMs >= longestRestMs
  return { state: 'off', restMs: isSettled ? runOutMs : Math.min(2 * restMs, longestRestMs), changedAtMs: nowMs }
}
