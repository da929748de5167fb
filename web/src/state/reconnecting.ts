import type { HeardEvent } from '../../../src/client/heard-events.ts'
import { Problem } from '../../../src/model/problem.ts'
import { leaveIfSignedOut } from './signed-out.ts'

const RETRY_MS = 1500

/** Passes by itself: what was asked for will be answered again. */
const passing = new Set(['unavailable', 'overloaded', 'rate_limited'])

/** The events of a stream over as many connections as it takes, until `signal` fires. Throws what waiting does not mend. */
export async function* reconnecting(
  signal: AbortSignal,
  open: (lastEventId: string | undefined) => Promise<{ readonly events: AsyncIterable<HeardEvent> }>,
): AsyncGenerator<HeardEvent> {
  let last: string | undefined
  while (!signal.aborted) {
    try {
      for await (const event of (await open(last)).events) {
        last = event.id === '' ? last : event.id
        yield event
      }
    } catch (error) {
      if (!signal.aborted && !isPassing(error)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** What ended a stream that one still listens to: that nobody is signed in leads away, what is gone is told by the page, a bug is reported. */
export function reportEnd(signal: AbortSignal, error: unknown): void {
  if (signal.aborted) return
  leaveIfSignedOut(error)
  if (!(error instanceof Problem)) reportError(error)
}

function isPassing(error: unknown): boolean {
  return error instanceof Problem && passing.has(error.code)
}
