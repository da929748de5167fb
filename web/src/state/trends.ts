import { useCallback } from 'react'
import type { TrendMetricName } from '../../../src/model/trend-metrics.ts'
import type { TrendType } from '../../../src/model/user-trend.ts'
import { client } from './client.ts'
import { keysOf } from './feed.ts'
import { type Loaded, useLoaded } from './store.ts'

export type Trends = Awaited<ReturnType<typeof client.listTrends>>['body']
export type Trend = Trends['data'][number]
export type TrendChange = Trends['changes'][number]
export type Baseline = Awaited<ReturnType<typeof client.getBaseline>>['body']

interface Dates {
  readonly from: string
  readonly to: string
}

/** The periods that begin in the dates, and what changed its level in them. */
export function useTrends(userId: string, type: TrendType, { from, to }: Dates): Loaded<Trends> {
  const load = useCallback(
    async () => (await client.listTrends({ params: { userId }, query: { type, from, to, limit: 1000 } })).body,
    [userId, type, from, to],
  )
  return useLoaded(keysOf.trends(userId, `${type}/${from}/${to}`), load)
}

/** One figure by date, beside what was usual before. */
export function useBaseline(userId: string, metric: TrendMetricName, { from, to }: Dates): Loaded<Baseline> {
  const load = useCallback(
    async () => (await client.getBaseline({ params: { userId }, query: { metric, from, to } })).body,
    [userId, metric, from, to],
  )
  return useLoaded(keysOf.trends(userId, `baseline/${metric}/${from}/${to}`), load)
}

/** The first date of which there is a row. */
export function useFirstDate(userId: string): Loaded<string | undefined> {
  const load = useCallback(
    async () => (await client.listAnalytics({ params: { userId }, query: { limit: 1 } })).body.data[0]?.date,
    [userId],
  )
  return useLoaded(keysOf.trends(userId, 'first'), load)
}
