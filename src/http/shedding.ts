import type { Endpoint } from '../api/endpoint.ts'
import { Problem } from '../model/problem.ts'

export interface SheddingLimits {
  /** Calls that are worked on at a time. */
  readonly maxInFlight: number
  /** How late timers of the process may fire before the first calls are refused, ms. */
  readonly maxDelayMs: number
}

/** As a process of two cores takes it: about 100 ms of work. */
export const sheddingLimits: SheddingLimits = { maxInFlight: 192, maxDelayMs: 150 }

export interface Shedding {
  /** Throws `Problem('overloaded')`, or says what to call when the call is over. */
  admit(endpoint: Endpoint): () => void
  inFlight(): number
}

/**
 * What may be put off is refused first: exports and files at half of a limit, reads at three quarters, what devices hand in at the whole.
 * `delayMs` says how late the process's timers are. A refusal costs no authentication and no body.
 */
export function makeShedding({ maxInFlight, maxDelayMs }: SheddingLimits, delayMs: () => number): Shedding {
  let inFlight = 0
  return {
    inFlight: () => inFlight,
    admit(endpoint) {
      // A stream lives for hours and works for moments.
      if (endpoint.reply.type === 'events') return () => undefined
      const share = shareOf(endpoint)
      const isLate = inFlight >= maxInFlight * FEW && delayMs() > maxDelayMs * share
      if (inFlight >= maxInFlight * share || isLate)
        throw new Problem('overloaded', 'More is asked of this server than it can answer in time.')
      inFlight += 1
      return () => {
        inFlight -= 1
      }
    },
  }
}

/** With fewer calls than this it is not they that make the process late: refusing them would not help. */
const FEW = 0.1

function shareOf({ method, audit, body, reply }: Endpoint): number {
  if (audit === 'export' || reply.type === 'file' || body?.type === 'file') return 0.5
  return method === 'get' ? 0.75 : 1
}
