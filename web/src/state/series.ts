import { useCallback } from 'react'
import type { Day } from '../../../src/model/day.ts'
import type { MetricName } from '../../../src/model/metrics.ts'
import { client } from './client.ts'
import { keysOf } from './feed.ts'
import { type Loaded, useLoaded } from './store.ts'

export interface SeriesQuery {
  readonly metric: MetricName
  /** Included. */
  readonly fromMs: number
  /** Not included. */
  readonly toMs: number
  readonly resolution: 'raw' | '1min' | '5min' | '15min' | '1hour' | '1day'
}

export type Series = Awaited<ReturnType<typeof client.getTimeseries>>['body']

/** One metric over time. */
export function useSeries(userId: string, { metric, fromMs, toMs, resolution }: SeriesQuery): Loaded<Series> {
  const load = useCallback(async () => {
    const query = { metric, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), resolution }
    return (await client.getTimeseries({ params: { userId }, query })).body
  }, [userId, metric, fromMs, toMs, resolution])
  return useLoaded(keysOf.series(userId, `${metric}/${fromMs}/${toMs}/${resolution}`), load)
}

/** The names of a day's sources by their ids. */
export function sourceNames({ provenance }: Day): ReadonlyMap<string, string> {
  return new Map(Object.values(provenance).flatMap(({ sources }) => sources.map(({ id, name }): [string, string] => [id, name])))
}
