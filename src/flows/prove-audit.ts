import type { AuditEntry } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import { canonical, leafOf } from './audit-chain.ts'
import { isSigned, readCheckpoint, type VerifyDeps } from './audit-checkpoint.ts'
import { type AuditPlaces, auditLines } from './audit-lines.ts'
import { type Digest, inclusionOf, rootAlong } from './merkle-tree.ts'

/** That an entry is in the log that a checkpoint vouches for, for who has nothing but the key. */
export interface AuditProof {
  readonly entry: AuditEntry
  readonly checkpoint: string
  /** Hex, from the leaf up (RFC 6962, 2.1.1). */
  readonly path: readonly string[]
}

/** Throws `Problem('not_found')` where no checkpoint vouches for that entry yet. */
export async function proveEntry(
  deps: AuditPlaces & { readonly digest: Digest },
  seq: number,
  checkpoints: readonly string[],
): Promise<AuditProof> {
  const [checkpoint, size] = checkpoints
    .map((note) => [note, readCheckpoint(note)?.size ?? 0] as const)
    .reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0])
  if (seq < 1 || seq > size) throw new Problem('not_found', `No checkpoint vouches for an entry ${seq}; the last one has ${size}.`)
  const leaves: Uint8Array[] = []
  let entry: AuditEntry | undefined
  for await (const line of auditLines(deps, size)) {
    const each = JSON.parse(line) as AuditEntry
    leaves.push(Uint8Array.fromHex(each.hash))
    if (each.seq === seq) entry = each
  }
  if (entry === undefined || leaves.length !== size)
    throw new Problem('storage_corrupt', 'The log is not whole; clarity audit verify says where.')
  return { entry, checkpoint, path: inclusionOf(deps.digest, leaves, seq - 1).map((hash) => hash.toHex()) }
}

/** Whether a proof holds under the key that `verifierKey` writes. */
export function isProven(deps: VerifyDeps, { entry, checkpoint, path }: AuditProof, key: string): boolean {
  const read = readCheckpoint(checkpoint)
  if (read === undefined || !isSigned(deps, read, key)) return false
  const { hash, prevHash, ...said } = entry
  const leaf = leafOf(deps.digest, prevHash, canonical(said))
  const along = path.map((each) => Uint8Array.fromHex(each))
  return leaf.toHex() === hash && rootAlong(deps.digest, leaf, entry.seq - 1, read.size, along)?.toHex() === read.root.toHex()
}
