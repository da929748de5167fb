import { useCallback } from 'react'
import type { MetricName } from '../../../../src/model/metrics.ts'
import { seriesMetrics } from '../../../../src/model/series.ts'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import { useLoaded } from '../../state/store.ts'

/** Metrics of the latest hundred sessions, in the order of the table. */
export function useLately(userId: string): readonly MetricName[] {
  const load = useCallback(async () => {
    const sessions = (await client.listSessions({ params: { userId }, query: { limit: 100 } })).body.data
    const types = new Set<string>(sessions.flatMap(({ sessionInfo }) => sessionInfo.dataTypes))
    return seriesMetrics.filter((name) => types.has(name))
  }, [userId])
  const found = useLoaded(keysOf.series(userId, 'lately'), load)
  return found.state === 'ready' ? found.value : none
}

const none: readonly MetricName[] = []
