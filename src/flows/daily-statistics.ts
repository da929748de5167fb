import { readSamples } from '../columns/parquet-reader.ts'
import type { MetricName } from '../model/metrics.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import { nextDate } from './dirty-days.ts'
import { every } from './every.ts'
import { metricRanges } from './metric-ranges.ts'
import { sessionFileReader } from './shared-files.ts'

/** Of one source's samples of one local date, in the metric's unit. */
export interface DailyStatistics {
  readonly date: string
  readonly sourceId: string
  readonly count: number
  readonly average: number
  readonly min: number
  readonly max: number
}

/** A metric day by day from the samples themselves, quarantined ones left out; dates `from` to `to`, both inclusive, in order. */
export async function* dailyStatistics(
  deps: { readonly documents: Documents; readonly blobs: Blobs; readonly sha256: (bytes: Uint8Array) => string },
  userId: string,
  metric: MetricName,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<DailyStatistics> {
  const query = { collection: 'healthSessions', parent: `users/${userId}`, index: 'localDate', equals: [userId], from, to: nextDate(to) }
  const read = sessionFileReader(deps)
  for await (const { body } of every<StoredSession>(deps.documents, query)) {
    if (body.samples === undefined || !body.sessionInfo.dataTypes.includes(metric)) continue
    const table = await readSamples(await read(body.samples), ['metric', 'quarantine', 'value'])
    const statistics = statisticsOf(table, metric)
    if (statistics.count > 0) yield { date: body.localDate, sourceId: body.source.id, ...statistics }
  }
}

function statisticsOf(table: SampleTable, metric: MetricName): Omit<DailyStatistics, 'date' | 'sourceId'> {
  const { from, to } = metricRanges(table).get(metric) ?? { from: 0, to: 0 }
  const { codes } = table.words.quarantine
  const { value } = table.numbers
  let count = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row++) {
    const each = value[row] as number
    if ((codes[row] as number) >= 0 || Number.isNaN(each)) continue
    count++
    sum += each
    if (each < min) min = each
    if (each > max) max = each
  }
  return { count, average: sum / count, min, max }
}
