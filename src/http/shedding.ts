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
  /** Whether `admit` would refuse every call, but for event streams. */
  isFull(): boolean
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
  const { maxWorking, maxBegun } = limits
  let inFlight = 0
  const work = workOf(nowMs)
  const queued: ((leave: Leave) => void)[] = []
  let isLooking = false
  const pace = paceOf(maxBegun, startQueued)
  const mayStart = () => work.count() < maxWorking && pace.isOpen()

  function start(): Leave {
    pace.note()
    const end = work.begin()
    inFlight += 1
    return () => {
      inFlight -= 1
      end()
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

  function letRest(): void {
    work.letRest()
    startQueued()
  }

  function look(): void {
    isLooking = false
    letRest()
  }

  function isOver(share: number): boolean {
    letRest()
    return isBeyond(limits, share, { working: work.count(), queued: queued.length, inFlight, delayMs: delayMs() })
  }

  return {
    inFlight: () => inFlight,
    isFull: () => isOver(MOST),
    admit(endpoint) {
      // A stream lives for hours and works for moments.
      if (endpoint.reply.type === 'events') return () => undefined
      if (isOver(shareOf(endpoint))) throw overloaded()
      if (queued.length === 0 && mayStart()) return start()
      return new Promise((resolve) => {
        queued.push(resolve)
        startQueued()
      })
    },
  }
}

/** The calls that are worked on: until they are over, or have taken too long to be work. */
function workOf(nowMs: () => number) {
  let working = 0
  // Of the calls that are counted, and of those that ended meanwhile; the oldest first.
  const recent: Call[] = []

  function end(call: Call): void {
    if (!call.isOver) working -= 1
    call.isOver = true
  }

  return {
    count: () => working,
    begin() {
      const call: Call = { sinceMs: nowMs(), isOver: false }
      recent.push(call)
      working += 1
      return () => end(call)
    },
    letRest() {
      const now = nowMs()
      for (let oldest = recent[0]; oldest !== undefined && (oldest.isOver || now - oldest.sinceMs > WORKING_MS); oldest = recent[0]) {
        recent.shift()
        end(oldest)
      }
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

interface Load {
  readonly working: number
  readonly queued: number
  readonly inFlight: number
  readonly delayMs: number
}

/** Whether a call that may take this share of the limits is refused. */
function isBeyond({ maxWorking, maxQueued, maxInFlight, maxDelayMs }: SheddingLimits, share: number, load: Load): boolean {
  const { working, queued, inFlight, delayMs } = load
  const isLate = working >= maxWorking * FEW && delayMs > maxDelayMs * share
  return isLate || working + queued >= (maxWorking + maxQueued) * share || inFlight + queued >= maxInFlight * share
}

/** With fewer calls than this share it is not they that make the process late: refusing them would not help. */
const FEW = 0.25

/** The share of what is refused last. */
const MOST = 1

export function overloaded(): Problem {
  return new Problem('overloaded', 'More is asked of this server than it can answer in time.')
}

function shareOf({ method, audit, body, reply }: Endpoint): number {
  if (audit === 'export' || reply.type === 'file' || body?.type === 'file') return 0.5
  return method === 'get' ? 0.75 : MOST
}
