import type { Reading } from '../importers/importer.ts'
import type { ImportReport } from '../model/import.ts'
import { isMetricName, metrics } from '../model/metrics.ts'
import { conserved } from '../model/quality.ts'
import type { Kept } from './plan-session.ts'

/** What became of the records of an import, summed over its sessions. */
export interface ImportCounts {
  accepted: number
  duplicate: number
  quarantined: number
  sessions: number
  /** Sessions whose stored samples were lost and are now those of this import. */
  rebuilt: number
  readonly dates: Set<string>
  readonly byMetric: Map<string, number>
}

export function newCounts(): ImportCounts {
  return { accepted: 0, duplicate: 0, quarantined: 0, sessions: 0, rebuilt: 0, dates: new Set(), byMetric: new Map() }
}

export function countKept(counts: ImportCounts, { localDate, counts: rows, changed, isRebuilt }: Kept): void {
  if (isRebuilt) counts.rebuilt++
  if (changed) {
    counts.sessions++
    counts.dates.add(localDate)
  }
  counts.accepted += rows.accepted
  counts.duplicate += rows.duplicate
  counts.quarantined += rows.quarantined
  rows.metrics.forEach((name, at) => {
    const count = rows.ofMetric[at] ?? 0
    if (count > 0) counts.byMetric.set(name, (counts.byMetric.get(name) ?? 0) + count)
  })
}

export function makeReport(
  { fileName, source }: { readonly fileName: string; readonly source: { readonly length: number } },
  format: string,
  importId: string,
  reading: Reading,
  { whole, plain }: { readonly whole: ImportCounts; readonly plain: ImportCounts },
  { insights, seconds }: { readonly insights: number; readonly seconds: number },
): ImportReport {
  const unreadable = reading.problems.get('unreadable_record')?.count ?? 0
  const unmapped = reading.problems.get('unmapped_element')?.count ?? 0
  const totalsOf = (counts: ImportCounts) => ({
    received: reading.counts.received,
    accepted: counts.accepted,
    duplicate: reading.counts.duplicate + counts.duplicate,
    quarantined: counts.quarantined + unreadable + unmapped,
    rejected: reading.counts.rejected,
  })
  // Where an earlier attempt was of another version that reads the file otherwise, its counts do not go with these.
  const counts = conserved(totalsOf(whole)) ? whole : plain
  const totals = totalsOf(counts)
  if (!conserved(totals)) throw new Error(`records unaccounted for: ${JSON.stringify(totals)}`)
  return {
    importId,
    file: fileName,
    format,
    bytes: source.length,
    seconds,
    ...totals,
    sessions: counts.sessions,
    ...spanOf(counts.dates),
    insights,
    metrics: acceptedByMetric(counts.byMetric),
    problems: [
      ...[...reading.problems].map(([code, { count: n, example }]) => ({ code, count: n, ...(example !== '' && { example }) })),
      ...(counts.rebuilt > 0 ? [{ code: 'lost_samples_rebuilt', count: counts.rebuilt }] : []),
    ],
  }
}

function spanOf(dates: ReadonlySet<string>): Pick<ImportReport, 'days' | 'firstDate' | 'lastDate'> {
  const sorted = [...dates].sort()
  const [firstDate] = sorted
  const lastDate = sorted.at(-1)
  return { days: sorted.length, ...(firstDate !== undefined && { firstDate }), ...(lastDate !== undefined && { lastDate }) }
}

function acceptedByMetric(byMetric: ReadonlyMap<string, number>): ImportReport['metrics'] {
  const sorted = [...byMetric].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.flatMap(([name, n]) => (isMetricName(name) ? [[name, { accepted: n, unit: metrics[name].unit }]] : [])))
}
