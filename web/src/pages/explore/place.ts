import type { MetricName } from '../../../../src/model/metrics.ts'
import { seriesMetrics } from '../../../../src/model/series.ts'
import { type DetailName, detailNames } from './detail.ts'
import { type Span, spanWidths, within } from './span.ts'

/** What the address says is to be seen. */
export interface Place {
  readonly metric: MetricName
  readonly span: Span
  /** Undefined: by the width of the span. */
  readonly detail: DetailName | undefined
  /** Ids; of none the best of each time. */
  readonly sources: readonly string[]
}

/** An address without a range shows the last month, one without a metric the heart. */
export function placeIn(search: URLSearchParams, whole: Span): Place {
  const metric = seriesMetrics.find((name) => name === search.get('metric')) ?? 'heart_rate'
  const [fromMs, toMs] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')]
  const said = fromMs < toMs ? { fromMs, toMs } : { fromMs: whole.toMs - spanWidths['1m'], toMs: whole.toMs }
  const detail = detailNames.find((name) => name === search.get('detail'))
  const sources = (search.get('sources') ?? '').split(',').filter((id) => id !== '')
  return { metric, span: within(said, whole), detail, sources }
}

/** A span as words of the address. */
export function spanWords({ fromMs, toMs }: Span): { readonly from: string; readonly to: string } {
  return { from: instantText(fromMs), to: instantText(toMs) }
}

function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
