import type { Grantable } from '../../api/endpoint.ts'
import type { eventsApi } from '../../api/events.ts'
import { positionOf } from '../../flows/feed-position.ts'
import { type FollowDeps, type Followed, followEvents } from '../../flows/follow-events.ts'
import { type EventType, eventTypes, FeedEvent } from '../../model/event.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Call, Handlers, SentEvent } from '../call.ts'

/** What a grant must give for a delegate to be told; of the rest they are told nothing. */
const grantFor: Readonly<Partial<Record<EventType, Grantable>>> = {
  session: { resource: 'sessions', access: 'read' },
  day: { resource: 'days', access: 'read' },
  insight: { resource: 'insights', access: 'read' },
  trend: { resource: 'trends', access: 'read' },
}

export const eventsHandlers: Handlers<typeof eventsApi, FollowDeps> = {
  async followEvents(deps, call) {
    const after = call.header('last-event-id')
    // Here and not in the stream, where a problem could not be told any more.
    if (after !== undefined) positionOf(after)
    const { userId } = call.params
    const wanted = call.query.types ?? eventTypes
    const isDelegate = call.principal.kind === 'person' && call.principal.userId !== userId
    const types = new Set(isDelegate ? await grantedOf(call, wanted) : wanted)
    const mayStill = isDelegate ? () => hasAll(call, types) : () => call.mayStill()
    const followed = followEvents(deps, { userId, types, mayStill, signal: call.signal, ...(after !== undefined && { after }) })
    return { events: sent(followed, isDelegate) }
  },
}

type EventCall = Call<(typeof eventsApi)['followEvents']>

async function grantedOf(call: EventCall, wanted: readonly EventType[]): Promise<EventType[]> {
  const granted: EventType[] = []
  for (const type of wanted) {
    const grant = grantFor[type]
    if (grant !== undefined && (await call.mayStill(grant))) granted.push(type)
  }
  return granted
}

/** A grant that gives less than at the beginning ends the stream; the next one begins with what there is. */
async function hasAll(call: EventCall, types: ReadonlySet<EventType>): Promise<boolean> {
  return (await call.mayStill()) && (await grantedOf(call, [...types])).length === types.size
}

async function* sent(followed: AsyncIterable<Followed>, isDelegate: boolean): AsyncGenerator<SentEvent> {
  for await (const { id, ...event } of followed) {
    if (event.kind === 'ready') yield { id, event: event.isComplete ? 'ready' : 'reset', data: {} }
    else {
      const { changed, ...change } = event.change
      const data = { ...change, at: event.at, ...(changed && !isDelegate && { changed }) }
      yield { id, event: `${change.type}.${change.action}`, data: inOrder(FeedEvent, data) }
    }
  }
}
