import autocannon from 'autocannon'
import { loadRaw } from './raw-load.ts'

export interface LoadRequest {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  /** What follows `body`. */
  tail?: Uint8Array
}
export interface LoadOptions {
  readonly url: string
  readonly connections: number
  /** Seconds. */
  readonly duration: number
  /** Requests a second, of all connections together. */
  readonly overallRate?: number
  readonly requests: readonly (Partial<LoadRequest> & { readonly setupRequest?: (request: LoadRequest) => LoadRequest })[]
}
export interface LoadRun extends PromiseLike<{ readonly duration: number; readonly errors: number; readonly timeouts: number }> {
  on(event: 'response', heard: (client: unknown, status: number, bytes: number, ms: number) => void): void
}

export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Requests a second; absent: as fast as the answers come. */
  readonly rate?: number
  readonly next: () => LoadRequest
}

export interface Answers {
  /** Answers of 2xx a second. */
  readonly rate: number
  readonly ok: Times
  /** 429 and 503. */
  readonly shed: Times
  /** Other statuses, and connections that failed. */
  readonly wrong: number
}

export interface Times {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Hears of each answer. */
export type Hear = (status: number, ms: number) => void

/**
 * Sends requests of their own making and says how they were answered. It shares the processor with whom it asks: where no rate is to be kept
 * it writes prepared bytes to sockets itself, which costs half as much.
 */
export async function load(wanted: Load): Promise<Answers> {
  const times = { ok: [] as number[], shed: [] as number[], wrong: [] as number[] }
  const hear: Hear = (status, ms) => times[status < 300 ? 'ok' : status === 429 || status === 503 ? 'shed' : 'wrong'].push(ms)
  const { duration, errors, timeouts } = wanted.rate === undefined ? await loadRaw(wanted, hear) : await atRate(wanted, hear)
  return {
    rate: times.ok.length / duration,
    ok: told(times.ok),
    shed: told(times.shed),
    wrong: times.wrong.length + errors + timeouts,
  }
}

async function atRate({ url, connections, seconds, rate = 0, next }: Load, hear: Hear) {
  const whole = ({ body = '', tail, ...request }: LoadRequest) => ({ ...request, body: tail ? body + Buffer.from(tail).toString() : body })
  const setupRequest = (request: LoadRequest) => ({ ...request, ...whole(next()) })
  const run = autocannon({ url, connections, duration: seconds, overallRate: rate, requests: [{ setupRequest }] })
  run.on('response', (_, status, __, ms) => hear(status, ms))
  return await run
}

function told(times: readonly number[]): Times {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}
