import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { DrawnBeside, DrawnBy } from '../../flows/draw-session.ts'
import type { DrawBeside } from '../../http/draw-body.ts'
import { type DrawOrder, type DrawTold, PLACE_BYTES, PLACES } from './orders.ts'

export interface DrawingThread {
  readonly drawBeside: DrawBeside
  /** What it was asked for by then is left to this thread. */
  end(): Promise<void>
}

/** A shorter one is drawn up in the time that it takes to hand it over. */
const LEAST_BYTES = 16 * 1024

export interface DrawingOptions {
  /** Told of what it died of. */
  readonly fault: (error: unknown) => void
  readonly processors?: number
  /** Absent: the thread. */
  readonly start?: (memory: SharedArrayBuffer) => Worker
}

/**
 * A thread beside this one that reads sessions and draws them up, which is the half of what an upload costs. It is begun with the first, and
 * again where it died. Undefined on one processor, where it would only be a detour.
 */
export function openDrawingThread({
  fault,
  processors = availableParallelism(),
  start = startThread,
}: DrawingOptions): DrawingThread | undefined {
  if (processors < 2) return undefined
  const memory = new SharedArrayBuffer(PLACES * PLACE_BYTES)
  const bytes = new Uint8Array(memory)
  const free = Array.from({ length: PLACES }, (_, place) => place)
  const asked = new Map<number, (drawn: DrawnBeside | undefined) => void>()
  let thread: Worker | undefined
  let isReady = false
  let isEnded = false

  function begin(): void {
    const begun = start(memory)
    // Whoever waits for it holds a connection, which keeps the process from ending.
    begun.unref()
    begun.on('error', fault)
    begun.on('exit', () => {
      // One that cannot begin would end again and again.
      isEnded ||= !isReady
      thread = undefined
      isReady = false
      for (const place of [...asked.keys()]) answer(place, undefined)
    })
    begun.on('message', (told: DrawTold) => {
      if (told === 'ready') isReady = true
      else answer(told.place, told.drawn)
    })
    thread = begun
  }

  function answer(place: number, drawn: DrawnBeside | undefined): void {
    const resolve = asked.get(place)
    asked.delete(place)
    free.push(place)
    resolve?.(drawn)
  }

  function put(pieces: readonly Uint8Array[], place: number): void {
    let at = place * PLACE_BYTES
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
  }

  function isFree(): boolean {
    if (thread === undefined && !isEnded) begin()
    return isReady && free.length > 0
  }

  async function draw(pieces: readonly Uint8Array[], length: number, by: DrawnBy): Promise<DrawnBeside | undefined> {
    const place = isReady ? free.pop() : undefined
    if (place === undefined) return undefined
    put(pieces, place)
    const { promise, resolve } = Promise.withResolvers<DrawnBeside | undefined>()
    asked.set(place, resolve)
    thread?.postMessage({ place, length, by } satisfies DrawOrder)
    return promise
  }

  return {
    drawBeside(pieces) {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
      const isWorthIt = length >= LEAST_BYTES && length <= PLACE_BYTES
      return isWorthIt && isFree() ? (by) => draw(pieces, length, by) : undefined
    },
    async end() {
      isEnded = true
      await thread?.terminate()
    },
  }
}

/** Of what is left of a body nothing is old: collected while the processor's cache still has it, it costs a fraction. MiB. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 }

function startThread(memory: SharedArrayBuffer): Worker {
  return new Worker(new URL('./thread.js', import.meta.url), { workerData: memory, resourceLimits })
}
