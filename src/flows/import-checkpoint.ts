import type { ImportCheckpoint, ImportRecord } from '../model/import.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Write } from '../ports/documents.ts'
import { countKept, type ImportCounts, newCounts } from './import-counts.ts'
import { ownRecord } from './import-record.ts'
import type { Kept } from './plan-session.ts'

/** What became of an import's records, also where it was begun by a process that is gone. */
export interface Tally {
  /** Of this attempt alone: what an earlier one kept is a duplicate here. */
  readonly plain: ImportCounts
  /** Of all attempts: what the earlier ones kept counts as it did then. */
  readonly whole: ImportCounts
  add(kept: readonly Kept[]): void
  /** Of how many sessions the whole speaks. */
  sessions(): number
}

/** Goes on where the checkpoint stands: the file gives the same sessions in the same order again, and the first of them were counted. */
export function newTally(checkpoint: ImportCheckpoint | undefined): Tally {
  const [plain, whole] = [newCounts(), countsAt(checkpoint)]
  const counted = checkpoint?.drafts ?? 0
  let met = 0
  return {
    plain,
    whole,
    sessions: () => Math.max(met, counted),
    add(kept) {
      for (const each of kept) {
        countKept(plain, each)
        met += 1
        if (met > counted) countKept(whole, each)
      }
    },
  }
}

function countsAt(checkpoint: ImportCheckpoint | undefined): ImportCounts {
  if (checkpoint === undefined) return newCounts()
  const { accepted, duplicate, quarantined, sessions, rebuilt, months, metrics } = checkpoint
  const dates = Object.entries(months).flatMap(([month, bits]) => daysIn(bits).map((day) => `${month}-${day}`))
  return { accepted, duplicate, quarantined, sessions, rebuilt, dates: new Set(dates), byMetric: new Map(Object.entries(metrics)) }
}

function daysIn(bits: number): string[] {
  return Array.from({ length: 31 }, (_, at) => at + 1)
    .filter((day) => (bits & (1 << (day - 1))) !== 0)
    .map((day) => String(day).padStart(2, '0'))
}

/** For the batch that keeps what is counted here. */
export function checkpointOf({ clock }: { readonly clock: Clock }, tally: Tally, insights = 0): ImportCheckpoint {
  const { accepted, duplicate, quarantined, sessions, rebuilt, dates, byMetric } = tally.whole
  const months: Record<string, number> = {}
  for (const date of dates) months[date.slice(0, 7)] = (months[date.slice(0, 7)] ?? 0) | (1 << (Number(date.slice(8)) - 1))
  return {
    ...{ at: formatInstant(clock.nowMs()), drafts: tally.sessions(), accepted, duplicate, quarantined, sessions, rebuilt, insights },
    months,
    metrics: Object.fromEntries(byMetric),
  }
}

/** The import's record with a new checkpoint. Throws `Problem('conflict')` as `ownRecord` does. */
export async function putCheckpoint(
  deps: { readonly documents: Documents },
  record: ImportRecord,
  checkpoint: ImportCheckpoint,
): Promise<Write> {
  const { path, version, body } = await ownRecord(deps, record)
  return { op: 'put', path, body: { ...body, checkpoint }, ifVersion: version }
}
