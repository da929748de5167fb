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

interface Before {
  /** Of what it is: layers of something else are of no use. */
  readonly of: string
  readonly last: Layer
  readonly widest: Layer
}

/** What is wanted, or, until it is there, what comes nearest of what was: the last that covers what is seen, else the widest. */
export function useLayer(userId: string, { metric, sources, detail, span, whole }: Wanted, seen: Span): Shown {
  const about = { userId, metric, sources: sources.join() }
  const loaded = useOne({ ...about, detail, ...askedFor(span, detail, whole) })
  const before = useRef<Before>(undefined)
  const of = `${userId} ${metric} ${about.sources}`
  const known = before.current?.of === of ? before.current : undefined
  if (loaded.state === 'ready') {
    const last = loaded.value
    const widest = known === undefined || widthOf(last) >= widthOf(known.widest) ? last : known.widest
    before.current = { of, last, widest }
    return { layer: covers(last, seen) ? last : widest, loaded }
  }
  return { layer: known && covers(known.last, seen) ? known.last : known?.widest, loaded }
}

function widthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs
}

function covers(layer: Span, { fromMs, toMs }: Span): boolean {
  return layer.fromMs <= fromMs && layer.toMs >= toMs
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
