import type { MetricName } from '../../../../src/model/metrics.ts'
import { Problem } from '../../../../src/model/problem.ts'
import { client } from '../../state/client.ts'
import type { Series } from '../../state/series.ts'
import { type DetailName, piecesOf } from './detail.ts'
import { type Layer, lineOf, type Point } from './layer.ts'
import type { Span } from './span.ts'

export interface LayerQuery extends Span {
  readonly userId: string
  readonly metric: MetricName
  readonly detail: DetailName
  /** Ids; of none the best of each time is asked for. */
  readonly sources: readonly string[]
}

/** Asks for all pieces of a span. What was measured without a choice of sources becomes a line for each source. */
export async function loadLayer(query: LayerQuery): Promise<Layer> {
  const { fromMs, toMs, detail, sources } = query
  const wanted = sources.length === 0 ? [undefined] : sources
  const answers = await Promise.all(wanted.map((source) => loadPieces(query, source)))
  const [{ unit, kind } = { unit: '', kind: 'discrete' as const }] = answers
  const lines = answers.flatMap(({ data }, at) => {
    if (detail !== 'raw' || wanted[at] !== undefined) return [lineOf(wanted[at], data, detail, kind)]
    return [...Map.groupBy(data, (point) => point.sources[0])].map(([source, own]) => lineOf(source, own, detail, kind))
  })
  return { fromMs, toMs, detail, unit, kind, lines }
}

async function loadPieces(query: LayerQuery, source: string | undefined): Promise<Series> {
  const answers = await Promise.all(piecesOf(query, query.detail).map((piece) => loadPiece({ ...query, ...piece }, source)))
  const [first] = answers
  if (first === undefined) throw new RangeError('A span of nothing was asked for')
  return answers.length === 1 ? first : { ...first, data: onceEach(answers.flatMap(({ data }) => data)) }
}

/** A span that pieces share is told with both. */
function onceEach(data: Series['data']): Series['data'] {
  return data.filter((point, at) => at === 0 || point.endTime === undefined || !isSame(point, data[at - 1]))
}

function isSame(point: Point, before: Point | undefined): boolean {
  return (
    before !== undefined &&
    point.startTime === before.startTime &&
    point.endTime === before.endTime &&
    point.sources[0] === before.sources[0]
  )
}

/** Of samples that are too many for one answer each half. */
async function loadPiece(query: LayerQuery, source: string | undefined): Promise<Series> {
  const { userId, metric, fromMs, toMs, detail } = query
  try {
    const from = new Date(fromMs).toISOString()
    const to = new Date(toMs).toISOString()
    const asked = { metric, from, to, resolution: detail, ...(source !== undefined && { source }) }
    return (await client.getTimeseries({ params: { userId }, query: asked })).body
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'range_too_wide') || toMs - fromMs < 2000) throw error
    const middle = Math.floor((fromMs + toMs) / 2)
    const [before, after] = await Promise.all([
      loadPiece({ ...query, toMs: middle }, source),
      loadPiece({ ...query, fromMs: middle }, source),
    ])
    return { ...before, data: [...before.data, ...after.data] }
  }
}
