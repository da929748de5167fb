import { useCallback, useRef } from 'react'
import type { MetricName } from '../../../../src/model/metrics.ts'
import { keysOf } from '../../state/feed.ts'
import { type Loaded, useLoaded } from '../../state/store.ts'
import { askedFor, type DetailName } from './detail.ts'
import type { Layer } from './layer.ts'
import { type LayerQuery, loadLayer } from './load-layer.ts'
import type { Span } from './span.ts'

interface Wanted {
  readonly metric: MetricName
  /** Ids, in order. */
  readonly sources: readonly string[]
  readonly detail: DetailName
  readonly span: Span
  readonly whole: Span
}

export interface Shown {
  /** What can be drawn now; undefined while there is nothing yet. */
  readonly layer: Layer | undefined
  /** What was asked for. */
  readonly loaded: Loaded<Layer>
}

/** What is wanted, or, until it is there, what comes nearest: the layer before it, else the days of all ten years. */
export function useLayer(userId: string, { metric, sources, detail, span, whole }: Wanted, seen: Span): Shown {
  const about = { userId, metric, sources: sources.join() }
  const loaded = useOne({ ...about, detail, ...askedFor(span, detail, whole) })
  const overview = useOne({ ...about, detail: '1day', ...whole })
  const before = useRef<{ readonly of: string; readonly layer: Layer }>(undefined)
  const of = `${userId} ${metric} ${about.sources}`
  if (loaded.state === 'ready') before.current = { of, layer: loaded.value }
  const last = before.current?.of === of ? before.current.layer : undefined
  const covers = last !== undefined && last.fromMs <= Math.max(seen.fromMs, whole.fromMs) && last.toMs >= Math.min(seen.toMs, whole.toMs)
  const coarse = overview.state === 'ready' ? overview.value : undefined
  return { layer: covers ? last : (coarse ?? last), loaded }
}

interface One extends Omit<LayerQuery, 'sources'> {
  /** With commas between. */
  readonly sources: string
}

function useOne({ userId, metric, sources, detail, fromMs, toMs }: One): Loaded<Layer> {
  const load = useCallback(
    () => loadLayer({ userId, metric, detail, fromMs, toMs, sources: sources === '' ? [] : sources.split(',') }),
    [userId, metric, sources, detail, fromMs, toMs],
  )
  return useLoaded(keysOf.series(userId, `${metric}/${sources}/${detail}/${fromMs}/${toMs}`), load)
}
