import { readSamples } from '../columns/parquet-reader.ts'
import { wordAt } from '../columns/select.ts'
import { isQuarantineCode } from '../model/marks.ts'
import type { QuarantinedSample } from '../model/quarantined-sample.ts'
import type { SampleTable } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import { sessionFile } from './session-samples.ts'

/** What of a session was set aside, each with its reason, in the order of its file: by metric and time. */
export async function quarantinedSamples({ blobs }: { readonly blobs: Blobs }, session: StoredSession): Promise<QuarantinedSample[]> {
  if (session.samples === undefined) return asideOf(session)
  const table = await readSamples(await sessionFile(blobs, session.samples))
  const samples = Array.from(table.words.quarantine.codes, (code, row) => (code < 0 ? [] : [sampleOf(table, row)])).flat()
  return [...samples, ...asideOf(session)]
}

const EFFICIENCY = '/sleep/quality/efficiency'

/** An efficiency that can only be right in percent is no sample, but set aside like one. */
function asideOf({ raw = {}, quality: { quarantined } }: StoredSession): QuarantinedSample[] {
  const value = raw[EFFICIENCY]
  if (typeof value !== 'number' || !('unit_suspect' in quarantined)) return []
  return [{ type: EFFICIENCY, value, reason: 'unit_suspect' }]
}

function sampleOf(table: SampleTable, row: number): QuarantinedSample {
  const { start, end } = table.instants
  const [startMs, endMs] = [start[row] as number, end[row] as number]
  const reason = wordAt(table, 'quarantine', row) ?? ''
  if (!isQuarantineCode(reason)) throw new Error(`A sample is set aside for a reason that is not known: ${reason}`)
  return {
    ...present('metric', wordAt(table, 'metric', row)),
    ...present('type', wordAt(table, 'type', row)),
    ...present('startTime', instantOf(startMs)),
    ...(endMs > startMs && present('endTime', instantOf(endMs))),
    ...measured(table, row),
    ...present('text', wordAt(table, 'text', row)),
    reason,
  }
}

/** As the source wrote it where that is another unit than ours. */
function measured(table: SampleTable, row: number): Pick<QuarantinedSample, 'value' | 'unit'> {
  const [said, ours] = [table.numbers.raw_value[row] as number, table.numbers.value[row] as number]
  const rawUnit = wordAt(table, 'raw_unit', row)
  const value = rawUnit === undefined || Number.isNaN(said) ? ours : said
  return { ...(Number.isFinite(value) && { value }), ...present('unit', rawUnit ?? wordAt(table, 'unit', row)) }
}

function instantOf(ms: number): string | undefined {
  return Number.isNaN(ms) ? undefined : formatInstant(Math.floor(ms), Math.round((ms - Math.floor(ms)) * 1000))
}

function present<Name extends string>(name: Name, said: string | undefined): { readonly [_ in Name]?: string } {
  return said === undefined ? {} : ({ [name]: said } as { readonly [_ in Name]: string })
}
