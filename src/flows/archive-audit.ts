import { type AuditEntry, auditId } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import { retentionPolicies } from '../model/retention.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { canonical } from './audit-chain.ts'
import { findChain, putChain } from './seal-audit.ts'

export interface ArchiveAuditDeps {
  readonly documents: Documents
  /** Where checkpoints are, and the archive beside them. */
  readonly checkpoints: Blobs
  readonly clock: Clock
}

const AT_ONCE = 5000
const BATCH = 500

/**
 * What is older than the policy leaves the documents for files beside the checkpoints, where it stays for ever. It is read back before it
 * is taken away; killed anywhere, the next call goes on. Resolves with how many entries it moved.
 */
export async function archiveAudit(deps: ArchiveAuditDeps): Promise<number> {
  const { documents, checkpoints } = deps
  let moved = 0
  for (;;) {
    await takeAway(documents)
    const found = await findChain(documents)
    const entries = await oldest(deps)
    const [first, last] = [entries[0], entries.at(-1)]
    if (found === undefined || first === undefined || last === undefined) return moved
    const key = `archive/${auditId(first.seq)}-${auditId(last.seq)}.ndjson`
    const text = entries.map((entry) => `${canonical(entry)}\n`).join('')
    await checkpoints.putAll([{ key, bytes: new TextEncoder().encode(text) }])
    if (new TextDecoder().decode(await checkpoints.get(key)) !== text)
      throw new Problem('storage_corrupt', `${key} is not what was written there.`)
    if (!(await putChain(documents, found, { ...found.body, archivedTo: auditId(last.seq) }))) return moved
    moved += entries.length
  }
}

/** Old enough, and sealed: in the order of their numbers. */
async function oldest({ documents, clock }: ArchiveAuditDeps): Promise<AuditEntry[]> {
  const years = retentionPolicies.audit_logs.retentionYears
  const now = Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toZonedDateTimeISO('UTC')
  const before = formatInstant(now.subtract({ years }).epochMilliseconds)
  const { data } = await documents.list<AuditEntry>({ collection: 'auditLogs', limit: AT_ONCE })
  const young = data.findIndex(({ body }) => body.at >= before)
  return data.slice(0, young < 0 ? data.length : young).map(({ body }) => body)
}

/** What lies in the archive already. */
async function takeAway(documents: Documents): Promise<void> {
  for (;;) {
    const { archivedTo } = (await findChain(documents))?.body ?? {}
    if (archivedTo === undefined) return
    const { data } = await documents.list<AuditEntry>({ collection: 'auditLogs', limit: BATCH })
    const archived = data.filter(({ body }) => auditId(body.seq) <= archivedTo)
    if (archived.length === 0) return
    await documents.batch(archived.map(({ path }) => ({ op: 'delete', path })))
  }
}
