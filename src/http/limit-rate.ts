import type { Endpoint } from '../api/endpoint.ts'
import type { Principal } from '../model/principal.ts'
import type { Cache, Count } from '../ports/cache.ts'
import type { Timer } from '../ports/timer.ts'
import { Refusal } from './refusal.ts'

/** What calls cost differs by class, and so does how many of them one credential may make. */
export const rateClasses = ['read', 'write', 'ingest', 'costly'] as const
export type RateClass = (typeof rateClasses)[number]

/**
 * Calls a minute of one credential. A service speaks for many people at once: it may make a thousand times as many. `failed`: credentials
 * a minute, from one address, that are none.
 */
export const rateNames = [...rateClasses, 'failed'] as const
export type RateLimits = Readonly<Record<(typeof rateNames)[number], number>>
export const defaultRateLimits: RateLimits = { read: 1200, write: 300, ingest: 3000, costly: 30, failed: 60 }

const WINDOW_MS = 60_000
const SERVICE_FACTOR = 1000
const MAX_COUNTED = 100_000

export interface RateDeps {
  readonly cache: Pick<Cache, 'increment'>
  readonly timer: Pick<Timer, 'elapsedMs'>
}

/** What the answer to a call says of its limit, in headers, whatever else becomes of it. Throws `Problem('rate_limited')`, with the same. */
export type Limit = (principal: Principal, endpoint: Endpoint) => Promise<Readonly<Record<string, string>>>

/**
 * Counts the calls of each credential in the memory that processes share; while that does not answer each process counts for itself, so
 * that N of them let through up to N times as many.
 */
export function limitRate({ cache, timer }: RateDeps, limits: Pick<RateLimits, RateClass>): Limit {
  const own = countAlone(timer)
  return async (principal, endpoint) => {
    const name = classOf(endpoint)
    const limit = limits[name] * (principal.kind === 'service' ? SERVICE_FACTOR : 1)
    const key = `rate:${name}:${nameOf(principal)}`
    const { count, leftMs } = (await cache.increment(key, WINDOW_MS)) ?? own(key)
    const headers = rateHeaders(name, limit, count, leftMs)
    if (count > limit) throw new Refusal('rate_limited', `At most ${limit} such calls a minute.`, headers)
    return headers
  }
}

export function classOf({ scope, method, audit }: Endpoint): RateClass {
  if (scope === 'sessions:write') return 'ingest'
  if (audit === 'export' || scope === 'exports:write' || scope === 'insights:write' || scope === 'sign-in:use') return 'costly'
  return method === 'get' ? 'read' : 'write'
}

/** In a key of the cache only letters, digits, `_`, `-`, and what an issuer's address has. */
function nameOf({ credential }: Principal): string {
  return encodeURIComponent(credential)
}

/** draft-ietf-httpapi-ratelimit-headers: quota and window in seconds, what remains and when it is filled again. */
function rateHeaders(name: string, limit: number, count: number, leftMs: number): Readonly<Record<string, string>> {
  const leftS = Math.max(1, Math.ceil(leftMs / 1000))
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=${WINDOW_MS / 1000}`,
    ratelimit: `"${name}";r=${Math.max(0, limit - count)};t=${leftS}`,
    ...(count > limit && { 'retry-after': String(leftS) }),
  }
}

/** Fixed windows in this process, forgotten all at once when there are too many. */
function countAlone(timer: RateDeps['timer']): (key: string) => Count {
  const windows = new Map<string, { count: number; readonly endsMs: number }>()
  return (key) => {
    const nowMs = timer.elapsedMs()
    const found = windows.get(key)
    if (found !== undefined && found.endsMs > nowMs) {
      found.count += 1
      return { count: found.count, leftMs: found.endsMs - nowMs }
    }
    if (windows.size >= MAX_COUNTED) windows.clear()
    windows.set(key, { count: 1, endsMs: nowMs + WINDOW_MS })
    return { count: 1, leftMs: WINDOW_MS }
  }
}
