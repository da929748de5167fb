import { loadRaw } from './raw-load.ts'

export interface LoadRequest {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  /** What follows `body`. */
  tail?: Uint8Array
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

/** Sends requests of their own making and says how they were answered. */
export async function load(wanted: Load): Promise<Answers> {
  const times = { ok: [] as number[], shed: [] as number[], wrong: [] as number[] }
  const hear: Hear = (status, ms) => times[status < 300 ? 'ok' : status === 429 || status === 503 ? 'shed' : 'wrong'].push(ms)
  const { seconds, errors } = await loadRaw(wanted, hear)
  return {
    rate: times.ok.length / seconds,
    ok: told(times.ok),
    shed: told(times.shed),
    wrong: times.wrong.length + errors,
  }
}

function told(times: readonly number[]): Times {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}
