import { useCallback } from 'react'
import { latestDate } from './days.ts'
import { keysOf } from './feed.ts'
import { type Loaded, useLoaded } from './store.ts'

/** The last date with an insight; undefined where there is none yet. */
export function useLatest(userId: string): Loaded<string | undefined> {
  const load = useCallback(() => latestDate(userId), [userId])
  return useLoaded(keysOf.latest(userId), load)
}
