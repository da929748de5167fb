import { Problem } from '../model/problem.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import type { Timer } from '../ports/timer.ts'
import { closedFrom, leaseMs, type Notice, neverOpened, noticePath, stepFrom } from './cache-notice.ts'

export interface BoardDeps {
  readonly documents: Documents
  readonly cache: Cache
  readonly clock: Clock
  readonly timer: Timer
  newId(): string
}

export interface Sight {
  readonly notice: Notice
  /** 0 when there is no notice. */
  readonly version: number
  /** When this process first saw this version. */
  readonly firstMs: number
}

export interface NoticeBoard {
  /** What stands there, read again when the last reading is a lease old; it may have aged again on the way. */
  look(): Promise<Sight>
  /** Whether the reading that gave `sight` began less than a lease ago. Only then may anything be built on it. */
  isFresh(sight: Sight): boolean
  /** Turns the cache off for everybody, durably. Always by a write of its own: another's may be older than the caller's. */
  close(): Promise<void>
}

const probeTtlMs = 1000
const never = { startMs: Number.NEGATIVE_INFINITY, clockMs: 0 }

/** This process's lease on the notice. */
export function watchNotice({ documents, cache, clock, timer, newId }: BoardDeps): NoticeBoard {
  let seen: Sight | undefined
  let read = never
  let reading: Promise<Sight> | undefined

  /** By both clocks: that of a paused machine may stand still, and that of the wall may jump. */
  function isFresh(sight: Sight): boolean {
    const byWallMs = clock.nowMs() - read.clockMs
    return sight === seen && timer.elapsedMs() - read.startMs < leaseMs && byWallMs >= 0 && byWallMs < leaseMs
  }

  async function look(): Promise<Sight> {
    if (seen !== undefined && isFresh(seen)) return seen
    reading ??= readAgain().finally(() => {
      reading = undefined
    })
    return await reading
  }

  async function readAgain(): Promise<Sight> {
    const start = { startMs: timer.elapsedMs(), clockMs: clock.nowMs() }
    const found = await documents.get<Notice>(noticePath)
    const version = found?.version ?? 0
    if (seen?.version !== version) seen = { notice: found?.body ?? neverOpened, version, firstMs: timer.elapsedMs() }
    read = start
    await takeStep(seen)
    return seen
  }

  async function takeStep({ notice, version, firstMs }: Sight): Promise<void> {
    const memory = cache.memory()
    if (memory === undefined) return
    const step = stepFrom(notice, { ageMs: timer.elapsedMs() - firstMs, memory, nowMs: clock.nowMs(), newId })
    if (step === undefined || (step.state === 'warming' && !(await cache.set('probe', '', { ttlMs: probeTtlMs })))) return
    await put(step, version)
    read = never
  }

  async function put(body: Notice, version: number): Promise<void> {
    const condition = version === 0 ? ({ ifAbsent: true } as const) : { ifVersion: version }
    try {
      await documents.batch([{ op: 'put', path: noticePath, body, ...condition }])
    } catch (error) {
      // Another process took a step.
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    }
  }

  async function close(): Promise<void> {
    await documents.batch([{ op: 'put', path: noticePath, body: closedFrom(seen?.notice ?? neverOpened, clock.nowMs()) }])
    read = never
  }

  return { look, isFresh, close }
}
