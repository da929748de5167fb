import { useCallback } from 'react'
import { client } from './client.ts'
import { keysOf } from './feed.ts'
import { type Loaded, useLoaded } from './store.ts'

/** The last date with an insight; undefined where there is none yet. */
export function useLatest(userId: string): Loaded<string | undefined> {
  const load = useCallback(async () => {
    const { data } = (await client.listInsights({ params: { userId }, query: { limit: 1 } })).body
    return data[0]?.date
  }, [userId])
  return useLoaded(keysOf.latest(userId), load)
}
