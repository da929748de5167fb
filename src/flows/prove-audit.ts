import type { AuditEntry } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import { canonical, leafOf } from './audit-chain.ts'
import { isSigned, readCheckpoint, type VerifyDeps } from './audit-checkpoint.ts'
import { type AuditPlaces, auditLines } from './audit-lines.ts'
import { consistencyOf, type Digest, inclusionOf, isGrownFrom, rootAlong } from './merkle-tree.ts'

/** That an entry is in the log that a checkpoint vouches for, for who has nothing but the key. */
export interface AuditProof {
  readonly entry: AuditEntry
  readonly checkpoint: string
  /** Hex, from the leaf up (RFC 6962, 2.1.1). */
  readonly path: readonly string[]
}

/** That the log of an older checkpoint is the beginning of that of a newer one: nothing of it was changed or taken out. */
export interface ConsistencyProof {
  readonly older: string
  readonly newer: string
  /** Hex, from the leaf up (RFC 6962, 2.1.2). */
  readonly path: readonly string[]
}

type ProveDeps = AuditPlaces & { readonly digest: Digest }

/** Throws `Problem('not_found')` where no checkpoint vouches for that entry yet. */
export async function proveEntry(deps: ProveDeps, seq: number, checkpoints: readonly string[]): Promise<AuditProof> {
  const [checkpoint, size] = checkpoints
    .map((note) => [note, readCheckpoint(note)?.size ?? 0] as const)
    .reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0])
  if (seq < 1 || seq > size) throw new Problem('not_found', `No checkpoint vouches for an entry ${seq}; the last one has ${size}.`)
  let entry: AuditEntry | undefined
  const leaves = await leavesOf(deps, size, (each) => {
    if (each.seq === seq) entry = each
  })
  if (entry === undefined) throw notWhole()
  return { entry, checkpoint, path: inclusionOf(deps.digest, leaves, seq - 1).map((hash) => hash.toHex()) }
}

/** Between the checkpoints over so many entries. Throws `Problem('not_found')` where one of them is none. */
export async function proveConsistency(
  deps: ProveDeps,
  [older, newer]: readonly [number, number],
  checkpoints: readonly string[],
): Promise<ConsistencyProof> {
  const checkpointOf = (size: number) => {
    const found = checkpoints.find((note) => readCheckpoint(note)?.size === size)
    if (found === undefined) throw new Problem('not_found', `No checkpoint vouches for exactly ${size} entries.`)
    return found
  }
  const [from, to] = [checkpointOf(Math.min(older, newer)), checkpointOf(Math.max(older, newer))]
  const leaves = await leavesOf(deps, Math.max(older, newer))
  return { older: from, newer: to, path: consistencyOf(deps.digest, leaves, Math.min(older, newer)).map((hash) => hash.toHex()) }
}

async function leavesOf(deps: ProveDeps, size: number, onEntry?: (entry: AuditEntry) => void): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = []
  for await (const line of auditLines(deps, size)) {
    const entry = JSON.parse(line) as AuditEntry
    leaves.push(Uint8Array.fromHex(entry.hash))
    onEntry?.(entry)
  }
  if (leaves.length !== size) throw notWhole()
  return leaves
}

function notWhole(): Problem {
  return new Problem('storage_corrupt', 'The log is not whole; clarity audit verify says where.')
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

/** Whether both checkpoints are of the key that `verifierKey` writes, and one log grew into the other. */
export function isConsistent(deps: VerifyDeps, { older, newer, path }: ConsistencyProof, key: string): boolean {
  const [from, to] = [readCheckpoint(older), readCheckpoint(newer)]
  if (from === undefined || to === undefined || !isSigned(deps, from, key) || !isSigned(deps, to, key)) return false
  const along = path.map((each) => Uint8Array.fromHex(each))
  return isGrownFrom(deps.digest, from, to, along)
}
