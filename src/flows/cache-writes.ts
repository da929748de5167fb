import type { Timer } from '../ports/timer.ts'
import type { NoticeBoard } from './cache-board.ts'
import type { CacheEntries } from './cache-entries.ts'
import { runOutMs } from './cache-notice.ts'

export interface CacheWrites {
  /**
   * Commits a write of cached documents. Settles also after a refusal: a conflict is what a stale read would lead to, and a
   * commit of unknown end may have happened.
   */
  write<T>(paths: readonly string[], commit: () => Promise<T>): Promise<T>
  /** When it resolves, no read that begins later finds what stood at these paths before the commit. */
  settle(paths: readonly string[]): Promise<void>
}

const maxAttempts = 4

export function openCacheWrites(board: NoticeBoard, entries: CacheEntries, timer: Timer): CacheWrites {
  async function write<T>(paths: readonly string[], commit: () => Promise<T>): Promise<T> {
    if (paths.length > 0) await announce(paths)
    try {
      return await commit()
    } finally {
      await settle(paths)
    }
  }

  /** Not needed by a writer who lives to settle; one that dies in between leaves nothing stale behind. */
  async function announce(paths: readonly string[]): Promise<void> {
    const { notice } = await board.look()
    if (notice.state !== 'off' && !(await entries.hold(notice, paths))) await board.close()
  }

  async function settle(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) if (await trySettle(paths)) return
    // The store is too slow for leases. Off, and every lease run out, is right in any case.
    await board.close()
    await waitUntil(timer.elapsedMs() + runOutMs)
  }

  async function trySettle(paths: readonly string[]): Promise<boolean> {
    const sight = await board.look()
    if (!board.isFresh(sight)) return false
    if (sight.notice.state === 'off') {
      // Where there never was a notice there is no lease.
      if (sight.version > 0) await waitUntil(sight.firstMs + runOutMs)
      return true
    }
    if (await entries.forget(sight.notice, paths)) return true
    await board.close()
    return false
  }

  async function waitUntil(ms: number): Promise<void> {
    const leftMs = ms - timer.elapsedMs()
    if (leftMs > 0) await timer.wait(leftMs)
  }

  return { write, settle }
}
