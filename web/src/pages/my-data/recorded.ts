import { useCallback } from 'react'
import type { Source } from '../../../../src/model/source.ts'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import { firstOf } from '../../state/pages.ts'
import { type Loaded, useLoaded } from '../../state/store.ts'

/** Sources are told from so many of the latest sessions. */
const SESSIONS_SEEN = 300

export type Session = Awaited<ReturnType<typeof client.listSessions>>['body']['data'][number]

/** Who recorded lately, each once. */
export function useSources(userId: string): Loaded<readonly Source[]> {
  const load = useCallback(async () => {
    const { data } = (await client.listSessions({ params: { userId }, query: { limit: SESSIONS_SEEN } })).body
    return [...new Map(data.map(({ source }) => [source.id, source])).values()]
  }, [userId])
  return useLoaded(keysOf.series(userId, 'sources'), load)
}

/** The latest sessions. */
export function useSessions(userId: string, source: string, limit: number) {
  const load = useCallback(async () => {
    const of = source === '' ? {} : { source }
    return firstOf(limit, async (page) => (await client.listSessions({ params: { userId }, query: { ...of, ...page } })).body)
  }, [userId, source, limit])
  return useLoaded(keysOf.series(userId, `list/${source}/${limit}`), load)
}
