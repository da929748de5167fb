import { useEffect } from 'react'
import type { FeedEvent } from '../../../src/model/event.ts'
import { client } from './client.ts'
import { reconnecting, reportEnd } from './reconnecting.ts'
import { refresh } from './store.ts'

/** An import changes thousands of days: what is shown is asked for again so often at most. */
const GATHER_MS = 400

/** Keys of what is asked of one person, and which kinds of change make it old. */
export const keysOf = {
  day: (userId: string, date: string) => `${userId}/day/${date}`,
  days: (userId: string, what: string) => `${userId}/days/${what}`,
  insight: (userId: string, date: string) => `${userId}/insight/${date}`,
  latest: (userId: string) => `${userId}/insights/latest`,
  imports: (userId: string) => `${userId}/imports`,
  series: (userId: string, what: string) => `${userId}/session/${what}`,
  trends: (userId: string, what: string) => `${userId}/trends/${what}`,
  person: (userId: string) => `${userId}/person`,
  jobs: (userId: string) => `${userId}/jobs`,
} as const

function prefixesOf(userId: string, { type, id }: FeedEvent): readonly string[] {
  switch (type) {
    case 'day':
      return [keysOf.day(userId, id), `${userId}/days/`, `${userId}/trends/`]
    case 'insight':
      return [`${userId}/insight/`, `${userId}/insights/`]
    case 'session':
      return [`${userId}/session/`]
    case 'import':
      return [keysOf.imports(userId)]
    case 'job':
      return [keysOf.jobs(userId)]
    case 'trend':
      return [`${userId}/trends/`]
  }
}

/** Keeps what is shown of a person true while others change it. `onEvent` hears each change; it must be the same function each time. */
export function useFeed(userId: string | undefined, onEvent?: (event: FeedEvent) => void): void {
  useEffect(() => {
    if (userId === undefined) return undefined
    const ended = new AbortController()
    follow(userId, ended.signal, onEvent).catch((error: unknown) => reportEnd(ended.signal, error))
    return () => ended.abort()
  }, [userId, onEvent])
}

/** How far the changes of a person were heard: the next page goes on there, and misses nothing that came between the two. */
const heardUpTo = new Map<string, string>()

async function follow(userId: string, signal: AbortSignal, onEvent?: (event: FeedEvent) => void): Promise<void> {
  const gathered = gathering(signal)
  const open = (last: string | undefined) => {
    const lastEventId = last ?? heardUpTo.get(userId)
    return client.followEvents({ params: { userId }, signal, ...(lastEventId !== undefined && { lastEventId }) })
  }
  for await (const { id, event, data } of reconnecting(signal, open)) {
    const isBegun = heardUpTo.has(userId)
    if (id !== '') heardUpTo.set(userId, id)
    if (event === 'ready') {
      // What was asked for before anybody listened may have changed in between.
      if (!isBegun) gathered(`${userId}/`)
      continue
    }
    // Of what is gone from the feed nothing is known: all may be other than it was.
    if (event === 'reset') gathered(`${userId}/`)
    else hear(data as FeedEvent)
  }

  function hear(said: FeedEvent): void {
    for (const prefix of prefixesOf(userId, said)) gathered(prefix)
    onEvent?.(said)
  }
}

function gathering(signal: AbortSignal): (prefix: string) => void {
  const prefixes = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(timer))
  return (prefix) => {
    prefixes.add(prefix)
    timer ??= setTimeout(() => {
      timer = undefined
      const told = [...prefixes]
      prefixes.clear()
      for (const each of told) refresh(each)
    }, GATHER_MS)
  }
}
