import { type AuditChain, type AuditNote, chainPath } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents, Stored, Write } from '../ports/documents.ts'
import { type Chain, chainOf, emptyChain, entryPath, sealed } from './audit-chain.ts'
import type { Digest } from './merkle-tree.ts'

export interface SealDeps {
  readonly documents: Documents
  readonly clock: Clock
  readonly digest: Digest
}

/** Two writes an entry, and one for the chain, of the 500 that a batch may have. */
const AT_ONCE = 240
/** One that was killed is followed within so long. */
const LEASE_MS = 2000

/**
 * Gives what was written down since its numbers and hashes, in the order of its writing. Any number of processes may call it: the chain's
 * own document is the fence of each batch, so that whoever comes second finds a conflict and leaves it, and the lease spares them the
 * attempt: `now` does not wait for another's. `sealer` tells this one from the others. Resolves with how many were sealed.
 */
export async function sealAudit(deps: SealDeps, sealer: string, when: 'leased' | 'now' = 'leased'): Promise<number> {
  const { documents, clock } = deps
  let count = 0
  for (let found = await findChain(documents); when === 'now' || !isAnothers(found?.body, sealer, clock.nowMs()); ) {
    const { data: notes } = await documents.list<AuditNote>({ collection: 'auditOutbox', limit: AT_ONCE })
    if (notes.length === 0) return count
    const next = await sealSome(deps, sealer, found, notes)
    if (next === undefined) return count
    count += notes.length
    found = next
  }
  return count
}

export async function findChain(documents: Documents): Promise<Stored<AuditChain> | undefined> {
  return documents.get<AuditChain>(chainPath)
}

function isAnothers(chain: AuditChain | undefined, sealer: string, nowMs: number): boolean {
  const lease = chain?.lease
  return lease !== undefined && lease.by !== sealer && Date.parse(lease.until) > nowMs
}

/** Undefined where another was quicker. */
async function sealSome(
  { documents, clock, digest }: SealDeps,
  by: string,
  found: Stored<AuditChain> | undefined,
  notes: readonly Stored<AuditNote>[],
): Promise<Stored<AuditChain> | undefined> {
  let chain: Chain = found === undefined ? emptyChain : chainOf(found.body)
  const writes: Write[] = []
  for (const { path, body } of notes) {
    const next = sealed(digest, chain, body)
    writes.push({ op: 'put', path: entryPath(next.entry.seq), body: next.entry, ifAbsent: true }, { op: 'delete', path })
    chain = next.chain
  }
  const body: AuditChain = {
    ...found?.body,
    size: chain.tree.size,
    hash: chain.hash,
    tree: chain.tree.roots.map((root) => root.toHex()),
    lease: { by, until: formatInstant(clock.nowMs() + LEASE_MS) },
  }
  const isPut = await putChain(documents, found, body, writes)
  return isPut ? { path: chainPath, version: (found?.version ?? 0) + 1, body } : undefined
}

/** The chain as it is now, in one batch with `writes`. False where another changed it meanwhile. */
export async function putChain(
  documents: Documents,
  found: Stored<AuditChain> | undefined,
  body: AuditChain,
  writes: readonly Write[] = [],
): Promise<boolean> {
  const fence = found === undefined ? { ifAbsent: true as const } : { ifVersion: found.version }
  try {
    await documents.batch([{ op: 'put', path: chainPath, body, ...fence }, ...writes])
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return false
    throw error
  }
}
