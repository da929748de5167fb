import { EVENTS_KEPT_MS, type EventChange, type EventType, eventIdFrom, type StoredEvent } from '../model/event.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Timer } from '../ports/timer.ts'
import { feedChannel } from './events.ts'
import { type FeedPosition, LATE_MS, positionAt, positionOf } from './feed-position.ts'
import { type Listening, newBell, openUntil, rest } from './listening.ts'

export interface FollowDeps {
  readonly documents: Documents
  readonly cache: Cache
  readonly clock: Clock
  readonly timer: Timer
}

export interface FollowOptions extends Listening {
  readonly userId: string
  /** The id of the last event that was had; absent: from now on. */
  readonly after?: string
  readonly types: ReadonlySet<EventType>
}

/** An event of the feed, under the id from which it is resumed. */
export type Followed =
  | { readonly id: string; readonly kind: 'change'; readonly at: string; readonly change: EventChange }
  /** The first of every feed: from here on nothing is missing. `isComplete` is false where older events are not kept any more. */
  | { readonly id: string; readonly kind: 'ready'; readonly isComplete: boolean }

/** Of a list; no more than these are in memory however slow the reader. */
const PAGE = 50

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
