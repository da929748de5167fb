import { Problem } from '../model/problem.ts'
import type { RateDeps } from './limit-rate.ts'
import { Refusal } from './refusal.ts'

/** What `check` finds out of a credential that came from an address. Throws `Problem('rate_limited')` where too many from there were none. */
export type Failures = <T>(address: string, check: () => Promise<T>) => Promise<T>

const WINDOW_MS = 60_000
const MAX_ADDRESSES = 10_000

/**
 * Counts the credentials, by the address that they came from, that were none: each costs a look into the store or a signature. They are
 * counted in the memory that processes share, and each process learns with its own next one what the others counted; while that memory does
 * not answer each counts for itself. Of more addresses than a process can hold it forgets the first.
 */
export function countFailures({ cache, timer }: RateDeps, limit: number): Failures {
  const windows = new Map<string, Window>()

  function windowOf(network: string): Window {
    const nowMs = timer.elapsedMs()
    const found = windows.get(network)
    if (found !== undefined && found.endsMs > nowMs) return found
    windows.delete(network)
    if (windows.size >= MAX_ADDRESSES) windows.delete(windows.keys().next().value ?? '')
    const window = { failed: 0, pending: 0, endsMs: nowMs + WINDOW_MS }
    windows.set(network, window)
    return window
  }

  async function note(network: string, window: Window): Promise<void> {
    window.failed += 1
    const shared = await cache.increment(`failed:${encodeURIComponent(network)}`, WINDOW_MS)
    if (shared === undefined) return
    window.failed = Math.max(window.failed, shared.count)
    window.endsMs = timer.elapsedMs() + shared.leftMs
  }

  return async (address, check) => {
    const network = networkOf(address)
    const window = windowOf(network)
    // What is not known yet counts too: many at once are many.
    if (window.failed + window.pending >= limit) throw refused(window.endsMs - timer.elapsedMs())
    window.pending += 1
    try {
      return await check()
    } catch (error) {
      if (isRefusal(error)) await note(network, window)
      throw error
    } finally {
      window.pending -= 1
    }
  }
}

interface Window {
  failed: number
  pending: number
  endsMs: number
}

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'unauthorized' || error.code === 'token_expired')
}

function refused(leftMs: number): Refusal {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(leftMs / 1000))) }
  return new Refusal('rate_limited', 'Too many credentials from this address were none.', headers)
}

/** Who has one IPv6 address has 2^64 of them: they count as one. */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? []
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [head = '', tail] = address.split('%', 1).join('').split('::')
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}
