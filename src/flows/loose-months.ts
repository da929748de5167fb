import type { LooseMonth } from '../model/loose-month.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { jobWordOf } from './job-word.ts'
import { queueJob } from './queue-job.ts'

/** Most of what a watch hands in late has come by then, ms after the month. */
const AFTER_MONTH_MS = 3 * 86_400_000
/** Of a month that is long over, what comes within so long is packed together. */
const GATHER_MS = 3_600_000

interface LooseDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Marks months of which sessions have their samples in documents; one that is marked stays as it is. */
export async function markLooseMonths({ documents, clock }: LooseDeps, userId: string, months: Iterable<string>): Promise<void> {
  const marks: Write[] = []
  for (const month of months) {
    const path = `users/${userId}/looseMonths/${month}`
    const due = formatInstant(Math.max(endMsOf(month) + AFTER_MONTH_MS, clock.nowMs() + GATHER_MS))
    if ((await documents.get(path)) === undefined) marks.push({ op: 'put', path, body: { userId, month, due } satisfies LooseMonth })
  }
  if (marks.length > 0) await documents.batch(marks)
}

/** The job that packs a marked month, in place of the mark. */
export function packJob({ clock }: Pick<LooseDeps, 'clock'>, { path, version, body }: Stored<LooseMonth>): Write[] {
  const { userId, month, due } = body
  const request = { userId, type: 'lifecycle', input: { analysisType: 'packing', month }, nowMs: clock.nowMs() } as const
  return [
    { op: 'delete', path, ifVersion: version },
    queueJob({ jobId: `pack_${jobWordOf(userId)}_${month}_${Date.parse(due)}`, ...request }),
  ]
}

/** In UTC: a local month ends within a day of it. */
function endMsOf(month: string): number {
  return Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 }).toZonedDateTime('UTC').epochMilliseconds
}
