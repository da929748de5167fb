import type { IncomingMessage } from 'node:http'
import { Problem } from '../model/problem.ts'
import { makeTurns } from './turns.ts'

/** How long a body may keep its reader waiting: a while, and longer with each byte that came. */
export interface Patience {
  readonly graceMs: number
  readonly bytesPerS: number
}

export const bodyPatience: Patience = { graceMs: 20_000, bytesPerS: 8192 }

/** The bytes of a body whose length was said, as they came. Throws `Problem('too_slow' | 'truncated_stream')`. */
export function gatherPieces(request: IncomingMessage, { graceMs, bytesPerS }: Patience): Promise<readonly Uint8Array[]> {
  const gathered = Promise.withResolvers<readonly Uint8Array[]>()
  const sinceMs = performance.now()
  const pieces: Uint8Array[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined

  function take(piece: Uint8Array): void {
    pieces.push(piece)
    bytes += piece.length
  }

  function look(): void {
    const leftMs = sinceMs + graceMs + (bytes / bytesPerS) * 1000 - performance.now()
    if (leftMs > 0) timer = setTimeout(look, leftMs)
    else fail(tooSlow())
  }

  function leave(): void {
    clearTimeout(timer)
    request.off('data', take).off('end', end).off('error', fail).off('close', cut)
  }

  function end(): void {
    leave()
    turns.take(Math.max(bytes, LEAST), () => gathered.resolve(pieces))
  }

  function fail(error: unknown): void {
    leave()
    // What else comes is left to whoever ends the connection.
    request.pause()
    gathered.reject(isCutOff(error) ? truncated(error) : error)
  }

  const cut = () => fail(truncated())

  if (request.destroyed) return Promise.reject(truncated())
  request.on('data', take).on('end', end).on('error', fail).on('close', cut)
  // What is there already waits for nobody.
  if (!request.complete) timer = setTimeout(look, graceMs)
  return gathered.promise
}

// Bytes of bodies that are all there. What is begun in one turn of the event loop keeps answers to others waiting, and so their next requests.
const turns = makeTurns(160 * 1024)
/** As much as a short one costs beside its bytes. */
const LEAST = 8192

export function tooSlow(): Problem {
  return new Problem('too_slow', 'The body came too slowly, or not at all.')
}

export function truncated(cause?: unknown): Problem {
  return new Problem('truncated_stream', 'The connection ended before the body did.', { cause })
}

export function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}
