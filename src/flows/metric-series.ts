import type { SampleColumn } from '../columns/parquet-decoder.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import type { MetricName } from '../model/metrics.ts'
import type { Series } from '../model/series.ts'
import type { SamplesPointer, StoredSession } from '../model/session.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { archivedSessions } from './archived-documents.ts'
import { previousDate } from './dirty-days.ts'
import { metricRanges } from './metric-ranges.ts'
import { seriesReader } from './session-series.ts'
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
  /** Also of archived sessions. */
  readonly archived: boolean
}

export interface SessionSeries {
  readonly localDate: string
  readonly series: Series
}

/** So many sessions are asked for together, and of what they share is read once. */
const PAGE = 200

/** A person's samples of one metric, session by session in the order of their dates. Other sessions and columns are not read. */
export async function* metricSeries(deps: SeriesDeps, userId: string, query: SeriesQuery): AsyncGenerator<SessionSeries> {
  const { metric } = query
  const columns: SampleColumn[] = ['metric', 'quarantine', 'start', 'value', ...query.columns]
  for await (const page of pagesOf(deps, userId, query)) {
    const wanted = page.flatMap((body) => (isOf(body, query) ? [{ ...body, samples: body.samples }] : []))
    const read = sessionFilesOf(
      deps,
      wanted.map(({ samples }) => samples),
    )
    for (const { samples, source, localDate } of wanted) {
      const table = await readSamples(await read(samples), columns)
      const range = metricRanges(table).get(metric)
      if (range) for (const series of seriesReader(table, source)(metric, range)) yield { localDate, series }
    }
  }
}

/** Sessions by date, those of the archive among the others. */
async function* pagesOf(deps: SeriesDeps, userId: string, query: SeriesQuery): AsyncGenerator<readonly StoredSession[]> {
  const { from, to, archived, metric } = query
  let old = archived ? await archivedSessions(deps, userId, from, previousDate(to)) : []
  const list = {
    ...{ collection: 'healthSessions', parent: `users/${userId}`, index: 'localDate', equals: [userId], from, to, limit: PAGE },
    // Of one that is archived too the hot one counts, whatever is in it.
    ...(old.length === 0 && { isOfUse: (body: unknown) => (body as StoredSession).sessionInfo.dataTypes.includes(metric) }),
  }
  let cursor: string | undefined
  do {
    const { data, nextCursor } = await deps.documents.list<StoredSession>({ ...list, ...(cursor !== undefined && { cursor }) })
    const last = data.at(-1)?.body.localDate
    const isEarly = ({ body }: Stored<StoredSession>) => nextCursor === undefined || (last !== undefined && body.localDate < last)
    const hot = new Set(data.map(({ path }) => path))
    const early = old.filter((session) => isEarly(session) && !hot.has(session.path))
    old = old.filter((session) => !isEarly(session))
    yield [...early, ...data].map(({ body }) => body).sort((a, b) => (a.localDate < b.localDate ? -1 : a.localDate > b.localDate ? 1 : 0))
    cursor = nextCursor
  } while (cursor !== undefined)
}

function isOf(session: StoredSession, { metric, source }: SeriesQuery): session is StoredSession & { samples: SamplesPointer } {
  const { samples, sessionInfo, source: own } = session
  return (
    samples !== undefined && sessionInfo.dataTypes.includes(metric) && (source === undefined || own.id === source || own.name === source)
  )
}
