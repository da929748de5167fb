import { useCallback, useMemo } from 'react'
import type { MetricName } from '../../../../src/model/metrics.ts'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import { useLoaded } from '../../state/store.ts'
import type { Layer } from './layer.ts'
import { DAY_MS } from './span.ts'

export interface NamedSource {
  readonly id: string
  readonly name: string
}

/** Of what is shown: who measured, whether or not their values count where another did too. */
export function useSources(userId: string, metric: MetricName, layer: Layer | undefined): readonly NamedSource[] {
  const ids = useMemo(() => idsIn(layer), [layer])
  const { fromMs, toMs } = layer ?? {}
  const load = useCallback(
    () => findSources(userId, metric, { fromMs: fromMs ?? 0, toMs: toMs ?? 0, ids: ids.split(',') }),
    [userId, metric, fromMs, toMs, ids],
  )
  const found = useLoaded(layer && keysOf.series(userId, `sources/${metric}/${fromMs}/${toMs}/${ids}`), load)
  return found.state === 'ready' ? found.value : none
}

const none: readonly NamedSource[] = []

/** So many are named at most; the rest stay ids. */
const MOST_NAMED = 12

function idsIn(layer: Layer | undefined): string {
  const ids = new Set(layer?.lines.flatMap(({ points }) => points.flatMap(({ sources }) => sources)))
  return [...ids].sort().slice(0, MOST_NAMED).join()
}

interface Where {
  readonly fromMs: number
  readonly toMs: number
  readonly ids: readonly string[]
}

async function findSources(userId: string, metric: MetricName, { fromMs, toMs, ids }: Where): Promise<readonly NamedSource[]> {
  const query = { from: new Date(fromMs - DAY_MS).toISOString(), to: new Date(toMs).toISOString(), dataType: metric, limit: 60 }
  const sessions = (await client.listSessions({ params: { userId }, query })).body.data
  const known = new Map(sessions.map(({ source }) => [source.id, source.name]))
  const unknown = ids.filter((id) => id !== '' && !known.has(id))
  for (const [id, name] of await Promise.all(unknown.map((source) => nameOf(userId, source)))) known.set(id, name)
  return [...known].map(([id, name]) => ({ id, name })).sort((one, other) => one.name.localeCompare(other.name))
}

async function nameOf(userId: string, source: string): Promise<readonly [id: string, name: string]> {
  const [session] = (await client.listSessions({ params: { userId }, query: { source, limit: 1 } })).body.data
  return [source, session?.source.name ?? source]
}
