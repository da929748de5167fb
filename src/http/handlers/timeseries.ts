import type { timeseriesApi } from '../../api/timeseries.ts'
import { findTimeseries } from '../../flows/find-timeseries.ts'
import { type GrantDeps, visibleMetrics } from '../../flows/grants.ts'
import type { SeriesDeps } from '../../flows/metric-series.ts'
import { metrics } from '../../model/metrics.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import { parseInstant } from '../../model/time.ts'
import type { Handlers } from '../call.ts'
import { isYes } from '../flag.ts'

export const timeseriesHandlers: Handlers<typeof timeseriesApi, SeriesDeps & GrantDeps> = {
  async getTimeseries(deps, { params: { userId }, query, principal }) {
    const { metric, from, to, resolution, source } = query
    const visible = principal.kind === 'person' ? await visibleMetrics(deps, userId, principal.userId, 'sessions') : undefined
    if (visible !== undefined && !visible.has(metric)) throw nothingThere()
    const data = await findTimeseries(deps, userId, {
      metric,
      fromMs: msOf(from),
      toMs: msOf(to),
      resolution,
      source,
      archived: isYes(query.archived),
    })
    const { unit, kind } = metrics[metric]
    return { body: { metric, unit, kind, resolution, data: data.map((point) => ({ ...point, sources: [...point.sources] })) } }
  },
}

function msOf(said: string): number {
  const parsed = parseInstant(said)
  return parsed.ok ? parsed.epochMs + parsed.micros / 1000 : Number.NaN
}
