import type { ImportRecord } from '../model/import.ts'
import type { StoredJob } from '../model/job.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { daysJob } from './dirty-days.ts'
import { importPath } from './import-record.ts'

interface EndDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** The record of an import that came to no end of its own, and the days of what it had kept. */
export function failedImport(
  deps: Pick<EndDeps, 'clock'>,
  record: ImportRecord,
  problem: ImportRecord['problem'],
  ifVersion?: number,
): Write[] {
  const { report: _, ...rest } = record
  const body: ImportRecord = { ...rest, status: 'failed', finishedAt: formatInstant(deps.clock.nowMs()), ...(problem && { problem }) }
  return [{ op: 'put', path: importPath(record), body, ...(ifVersion !== undefined && { ifVersion }) }, daysJob(deps, record.userId)]
}

/** The record of a failed import whose job begins again. */
export function resumedImport(record: ImportRecord): Write {
  const { problem: _, finishedAt: __, ...rest } = record
  return { op: 'put', path: importPath(record), body: { ...rest, status: 'processing' } }
}

/** What a job that ends or begins again makes of its import. */
export async function importOf({ documents }: EndDeps, { userId, type, input }: StoredJob): Promise<Stored<ImportRecord> | undefined> {
  if (type !== 'import' || userId === undefined || input.importId === undefined) return undefined
  return documents.get<ImportRecord>(importPath({ userId, importId: input.importId }))
}

const PAGE = 100

/**
 * Ends the imports that nobody makes any more: those whose job is over, and those of a command that has written nothing for `silentMs`. One
 * that is alive after all is refused its next step. Returns how many.
 */
export async function endAbandonedImports(deps: EndDeps, silentMs: number): Promise<number> {
  const silentSince = formatInstant(deps.clock.nowMs() - silentMs)
  let ended = 0
  let cursor: string | undefined
  do {
    const query = { collection: 'imports', index: 'state', equals: ['processing'], limit: PAGE, ...(cursor !== undefined && { cursor }) }
    const page = await deps.documents.list<ImportRecord>(query)
    for (const { version, body } of page.data) if (await isAbandoned(deps, body, silentSince)) ended += await end(deps, body, version)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ended
}

async function isAbandoned({ documents }: EndDeps, { jobId, createdAt, checkpoint }: ImportRecord, silentSince: string): Promise<boolean> {
  if (jobId === undefined) return (checkpoint?.at ?? createdAt) <= silentSince
  const status = (await documents.get<StoredJob>(`jobs/${jobId}`))?.body.status
  return status !== 'pending' && status !== 'processing'
}

async function end(deps: EndDeps, record: ImportRecord, version: number): Promise<number> {
  try {
    await deps.documents.batch(failedImport(deps, record, { code: 'unavailable', detail: 'The process that made it went away.' }, version))
    return 1
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
    return 0
  }
}
