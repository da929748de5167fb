import { readSamples } from '../columns/parquet-reader.ts'
import { wordAt } from '../columns/select.ts'
import { isMetricName, metrics } from '../model/metrics.ts'
import { nothingThere } from '../model/nothing-there.ts'
import type { SampleTable } from '../model/sample-table.ts'
import { isTombstone, type KeptSession, type StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { findArchivedSession } from './archived-documents.ts'
import { metricRanges, type RowRange } from './metric-ranges.ts'
import { sessionFile } from './session-samples.ts'

type Deps = { readonly documents: Documents; readonly blobs: Blobs }

/** Hot or archived. Throws `Problem('not_found')`, also for one that was deleted. */
export async function findSession(deps: Deps, userId: string, sessionId: string): Promise<Stored<StoredSession>> {
  const path = `users/${userId}/healthSessions/${sessionId}`
  const found = (await deps.documents.get<KeptSession>(path)) ?? (await findArchivedSession(deps, userId, sessionId))
  if (!found || isTombstone(found.body)) throw nothingThere()
  return { ...found, body: found.body }
}

/** With its samples as they were handed in: heart rates under their own name, every other number as a series. Quarantined ones are not in it. */
export async function withSamples({ blobs }: Pick<Deps, 'blobs'>, session: StoredSession): Promise<StoredSession> {
  if (!session.samples) return session
  const table = await readSamples(await sessionFile(blobs, session.samples))
  const series: NonNullable<StoredSession['series']> = {}
  let rates: NonNullable<StoredSession['heartRate']>['samples']
  for (const [metric, range] of metricRanges(table)) {
    if (metric === 'heart_rate') rates = heartRates(table, range)
    else if (isMetricName(metric) && metrics[metric].kind !== 'category')
      series[metric] = { unit: metrics[metric].unit, samples: readings(table, range) }
  }
  return {
    ...session,
    ...(rates && { heartRate: { ...session.heartRate, samples: rates } }),
    ...(Object.keys(series).length > 0 && { series }),
  }
}

interface Extras {
  readonly sampleId?: string
  readonly confidence?: number
  readonly context?: string
}

function* rowsOf(table: SampleTable, { from, to }: RowRange): Generator<{ row: number; extras: Extras }> {
  for (let row = from; row < to; row++) {
    if ((table.words.quarantine.codes[row] as number) >= 0) continue
    yield { row, extras: extrasOf(wordAt(table, 'metadata', row)) }
  }
}

function extrasOf(metadata: string | undefined): Extras {
  return metadata === undefined ? {} : (JSON.parse(metadata) as Extras)
}

function instantOf(ms: number): string {
  const whole = Math.floor(ms)
  return formatInstant(whole, Math.round((ms - whole) * 1000))
}

type Rates = NonNullable<NonNullable<StoredSession['heartRate']>['samples']>

function heartRates(table: SampleTable, range: RowRange): Rates {
  return Array.from(rowsOf(table, range), ({ row, extras: { sampleId, confidence, context } }) => ({
    ...(sampleId !== undefined && { sampleId }),
    timestamp: instantOf(table.instants.start[row] as number),
    value: table.numbers.value[row] as number,
    confidence: confidence ?? null,
    ...(confidence === undefined && { confidenceSource: 'none' }),
    ...(context !== undefined && { context }),
  }))
}

type Readings = NonNullable<NonNullable<StoredSession['series']>['steps']>['samples']

function readings(table: SampleTable, range: RowRange): Readings {
  return Array.from(rowsOf(table, range), ({ row, extras: { sampleId, confidence } }) => {
    const start = table.instants.start[row] as number
    const end = table.instants.end[row] as number
    return {
      ...(sampleId !== undefined && { sampleId }),
      startTime: instantOf(start),
      ...(end > start && { endTime: instantOf(end) }),
      value: table.numbers.value[row] as number,
      ...(confidence !== undefined && { confidence }),
    }
  })
}
