import { EVENTS_KEPT_MS, type EventChange, type EventType, eventIdFrom, type StoredEvent } from '../model/event.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Timer } from '../ports/timer.ts'
import { feedChannel } from './events.ts'
import { type FeedPosition, LATE_MS, positionAt, positionOf } from './feed-position.ts'

export interface FollowDeps {
  readonly documents: Documents
  readonly cache: Cache
  readonly clock: Clock
  readonly timer: Timer
}

export interface FollowOptions {
  readonly userId: string
  /** The id of the last event that was had; absent: from now on. */
  readonly after?: string
  readonly types: ReadonlySet<EventType>
  /** Asked four times a second; the feed ends where it says no. */
  readonly mayStill: () => Promise<boolean>
  readonly signal: Ending
}

/** What an `AbortSignal` says. */
export interface Ending {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void
}

/** An event of the feed, under the id from which it is resumed. */
export type Followed =
  | { readonly id: string; readonly kind: 'change'; readonly at: string; readonly change: EventChange }
  /** The first of every feed: from here on nothing is missing. `isComplete` is false where older events are not kept any more. */
  | { readonly id: string; readonly kind: 'ready'; readonly isComplete: boolean }

/** Of a list; no more than these are in memory however slow the reader. */
const PAGE = 50
const RECHECK_MS = 250
/** Without a word from the cache the store is looked at so often all the same. */
const LOOK_MS = 5000

/**
 * What becomes of one person's documents, as it happens: each event once, also over any number of reconnects, as long as each resumes with the
 * last id. The cache only says when to look; the events in the store are what counts. Ends with the signal.
 */
export async function* followEvents(deps: FollowDeps, options: FollowOptions): AsyncGenerator<Followed> {
  const { userId, signal } = options
  const isOpen = openUntil(deps.timer, options)
  const bell = newBell(deps.timer, signal)
  const subscription = await deps.cache.subscribe(feedChannel(userId), { onMessage: bell.ring, onGap: bell.ring })
  try {
    const position = await beginning(deps, options)
    const isComplete = position.from >= eventIdFrom(deps.clock.nowMs() - EVENTS_KEPT_MS)
    yield { id: position.toText(), kind: 'ready', isComplete }
    while (await isOpen()) {
      for await (const event of eventsFrom(deps, userId, position)) yield* newChanges(event, position, options, isOpen)
      position.forgetUnmet()
      await rest(deps.timer, bell, isOpen)
    }
  } finally {
    await subscription.close()
  }
}

/** A new reader has had everything that is there already. */
async function beginning(deps: FollowDeps, { userId, after }: FollowOptions): Promise<FeedPosition> {
  if (after !== undefined) return positionOf(after)
  const position = positionAt(deps.clock.nowMs() - LATE_MS)
  for await (const { id, changes } of eventsFrom(deps, userId, position)) position.take(id, changes.length, changes.length)
  return position
}

/** Until there may be something new, or the feed is to end. */
async function rest(timer: Timer, bell: Bell, isOpen: () => Promise<boolean>): Promise<void> {
  const endMs = timer.elapsedMs() + LOOK_MS
  while (timer.elapsedMs() < endMs && !(await bell.heard(RECHECK_MS))) if (!(await isOpen())) return
}

/** Asks again whether the reader may once the last yes is old. */
function openUntil(timer: Timer, { mayStill, signal }: FollowOptions): () => Promise<boolean> {
  let askedMs = Number.NEGATIVE_INFINITY
  let may = true
  return async () => {
    if (signal.aborted || !may) return false
    const nowMs = timer.elapsedMs()
    if (nowMs - askedMs >= RECHECK_MS) {
      may = await mayStill()
      askedMs = nowMs
    }
    return may && !signal.aborted
  }
}

type Met = StoredEvent & { readonly id: string }

async function* eventsFrom({ documents }: Pick<FollowDeps, 'documents'>, userId: string, { from }: FeedPosition): AsyncGenerator<Met> {
  let cursor: string | undefined
  do {
    const query = { collection: 'events', parent: `users/${userId}`, from, limit: PAGE, ...(cursor !== undefined && { cursor }) }
    const page = await documents.list<StoredEvent>(query)
    for (const event of page.data) yield { ...event.body, id: idOf(event) }
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

async function* newChanges(
  { id, at, changes }: Met,
  position: FeedPosition,
  { types }: FollowOptions,
  isOpen: () => Promise<boolean>,
): AsyncGenerator<Followed> {
  const had = position.had(id)
  if (had >= changes.length) return
  for (const [index, change] of changes.entries()) {
    if (index < had || !types.has(change.type)) continue
    if (!(await isOpen())) return
    position.take(id, index + 1, changes.length)
    yield { id: position.toText(), kind: 'change', at, change }
  }
  position.take(id, changes.length, changes.length)
}

function idOf({ path }: Stored): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

interface Bell {
  ring(): void
  /** Whether it rang since it was last heard, or does within `ms`; true also at the end. */
  heard(ms: number): Promise<boolean>
}

/** However often it rings while nobody listens, it has rung once. */
function newBell(timer: Timer, signal: Ending): Bell {
  let rung = false
  let wake: (() => void) | undefined
  function ring(): void {
    rung = true
    wake?.()
  }
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    async heard(ms) {
      if (!rung) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), timer.wait(ms)])
      const heard = rung
      rung = false
      return heard
    },
  }
}
