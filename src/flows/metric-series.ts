import type { SampleColumn } from '../columns/parquet-decoder.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import type { MetricName } from '../model/metrics.ts'
import type { Series } from '../model/series.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import type { Documents } from '../ports/documents.ts'
import { metricRanges } from './metric-ranges.ts'
import { allSeriesOf } from './session-series.ts'
import { type SharedFileDeps, sessionFilesOf } from './shared-files.ts'

export interface SeriesDeps extends SharedFileDeps {
  readonly documents: Documents
}

export interface SeriesQuery {
  readonly metric: MetricName
  /** Id or name of the one source that is wanted. */
  readonly source: string | undefined
  /** Dates of the sessions, `to` excluded. */
  readonly from: string
  readonly to: string
  /** Beside those that tell which samples are the metric's; what is not wanted is NaN, or 0. */
  readonly columns: readonly ('end' | 'flags')[]
}

export interface SessionSeries {
  readonly localDate: string
  readonly series: Series
}

/** So many sessions are asked for together, and of what they share is read once. */
const PAGE = 200

/** A person's samples of one metric, session by session in the order of their dates. Other sessions and columns are not read. */
export async function* metricSeries(deps: SeriesDeps, userId: string, query: SeriesQuery): AsyncGenerator<SessionSeries> {
  const { metric, from, to } = query
  const list = { collection: 'healthSessions', parent: `users/${userId}`, index: 'localDate', equals: [userId], from, to, limit: PAGE }
  const columns: SampleColumn[] = ['metric', 'quarantine', 'start', 'value', ...query.columns]
  let cursor: string | undefined
  do {
    const page = await deps.documents.list<StoredSession>({ ...list, ...(cursor !== undefined && { cursor }) })
    const wanted = page.data.flatMap(({ body }) => (isOf(body, query) ? [{ ...body, samples: body.samples }] : []))
    const read = sessionFilesOf(
      deps,
      wanted.map(({ samples }) => samples),
    )
    for (const { samples, source, localDate } of wanted) {
      const table = await readSamples(await read(samples), columns)
      const range = metricRanges(table).get(metric)
      if (range) for (const series of allSeriesOf(table, metric, range, source)) yield { localDate, series }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

function isOf(session: StoredSession, { metric, source }: SeriesQuery): session is StoredSession & { samples: SamplesPointer } {
  const { samples, sessionInfo, source: own } = session
  return (
    samples !== undefined && sessionInfo.dataTypes.includes(metric) && (source === undefined || own.id === source || own.name === source)
  )
}
