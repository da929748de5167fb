import type { Endpoint } from '../api/endpoint.ts'
import { Problem } from '../model/problem.ts'

export interface SheddingLimits {
  /** Calls that are worked on at a time: what is refused waits for no more than these. */
  readonly maxWorking: number
  /** Calls that wait to be worked on, so that a burst is not refused while there is time for it a moment later. */
  readonly maxQueued: number
  /** Calls that are begun in one turn of the event loop: those that came meanwhile are refused, or put in line, between two turns. */
  readonly maxBegun: number
  /** With those that have been under way for longer, which wait: for a body that comes slowly, for a store. */
  readonly maxInFlight: number
  /** How late timers of the process may fire before the first calls are refused, ms. */
  readonly maxDelayMs: number
}

/** As a process of two cores takes it: what waits has its turn within a quarter of a second. */
export const sheddingLimits: SheddingLimits = { maxWorking: 128, maxQueued: 320, maxBegun: 8, maxInFlight: 640, maxDelayMs: 150 }

export interface Shedding {
  /** Throws `Problem('overloaded')` at once, or gives, now or when its turn comes, what to call when the call is over. */
  admit(endpoint: Endpoint): Leave | Promise<Leave>
  inFlight(): number
}

export type Leave = () => void

interface Call {
  readonly sinceMs: number
  isOver: boolean
}

/** After so long a call is taken to wait. */
const WORKING_MS = 500

/**
 * What may be put off is refused first: exports and files at half of a limit, reads at three quarters, what devices hand in at the whole.
 * `delayMs` says how late the process's timers are, `nowMs` the time. A refusal costs no authentication and no body.
 */
export function makeShedding(limits: SheddingLimits, delayMs: () => number, nowMs = () => performance.now()): Shedding {
  const { maxWorking, maxQueued, maxBegun, maxInFlight, maxDelayMs } = limits
  let inFlight = 0
  let working = 0
  // Of the calls that are counted as worked on, and of those that ended meanwhile; the oldest first.
  const recent: Call[] = []
  const queued: ((leave: Leave) => void)[] = []
  let isLooking = false
  const pace = paceOf(maxBegun, startQueued)
  const mayStart = () => working < maxWorking && pace.isOpen()

  function letRest(): void {
    const now = nowMs()
    for (let oldest = recent[0]; oldest !== undefined && (oldest.isOver || now - oldest.sinceMs > WORKING_MS); oldest = recent[0]) {
      recent.shift()
      end(oldest)
    }
    startQueued()
  }

  /** Once for each: when it is over, or has taken too long to be work. */
  function end(call: Call): void {
    if (!call.isOver) working -= 1
    call.isOver = true
  }

  function start(): Leave {
    pace.note()
    const call: Call = { sinceMs: nowMs(), isOver: false }
    recent.push(call)
    inFlight += 1
    working += 1
    return () => {
      inFlight -= 1
      end(call)
      startQueued()
    }
  }

  function startQueued(): void {
    for (let next = queued[0]; next !== undefined && mayStart(); next = queued[0]) {
      queued.shift()
      next(start())
    }
    // Also where nothing ends and nobody comes, what is worked on becomes what waits.
    if (queued.length === 0 || isLooking) return
    isLooking = true
    setTimeout(look, WORKING_MS).unref()
  }

  function look(): void {
    isLooking = false
    letRest()
  }

  return {
    inFlight: () => inFlight,
    admit(endpoint) {
      // A stream lives for hours and works for moments.
      if (endpoint.reply.type === 'events') return () => undefined
      letRest()
      const share = shareOf(endpoint)
      const isLate = working >= maxWorking * FEW && delayMs() > maxDelayMs * share
      const isFull = working + queued.length >= (maxWorking + maxQueued) * share || inFlight + queued.length >= maxInFlight * share
      if (isLate || isFull) throw new Problem('overloaded', 'More is asked of this server than it can answer in time.')
      if (queued.length === 0 && mayStart()) return start()
      return new Promise((resolve) => {
        queued.push(resolve)
        startQueued()
      })
    },
  }
}

/** Of so many in one turn of the event loop; `next` is called when the turn after it begins. */
function paceOf(most: number, next: () => void) {
  let noted = 0
  const turn = () => {
    noted = 0
    next()
  }
  return {
    isOpen: () => noted < most,
    note() {
      if (noted === 0) setImmediate(turn)
      noted += 1
    },
  }
}

/** With fewer calls than this share it is not they that make the process late: refusing them would not help. */
const FEW = 0.25

function shareOf({ method, audit, body, reply }: Endpoint): number {
  if (audit === 'export' || reply.type === 'file' || body?.type === 'file') return 0.5
  return method === 'get' ? 0.75 : 1
}
