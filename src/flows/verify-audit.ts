import { canonical, leafOf, NO_HASH } from './audit-chain.ts'
import { type Checkpoint, isSigned, readCheckpoint, type VerifyDeps } from './audit-checkpoint.ts'
import { type Digest, emptyTree, grown, rootOf, type Tree } from './merkle-tree.ts'

/** What was found wrong. */
export type TamperKind =
  /** A line that is no entry. */
  | 'unreadable'
  /** Not the number after the one before: something was taken out, put in, or stands elsewhere. */
  | 'number'
  /** It does not name the hash of the one before. */
  | 'link'
  /** It is not what was sealed. */
  | 'content'
  /** A checkpoint that is none, or that this key did not sign. */
  | 'signature'
  /** What stands up to here is not what a checkpoint vouches for. */
  | 'checkpoint'
  /** A checkpoint vouches for more entries than there are. */
  | 'cut'

export type AuditVerdict =
  /** Every entry stands as it was sealed, and a checkpoint vouches for the last. */
  | { readonly verdict: 'ok'; readonly entries: number; readonly signed: number }
  | { readonly verdict: 'tampered'; readonly seq: number; readonly kind: TamperKind; readonly entries: number }
  /** Nothing is wrong with what is there, but no checkpoint vouches for what comes after `signed`. */
  | { readonly verdict: 'incomplete'; readonly entries: number; readonly signed: number }

/**
 * Whether a log is what was sealed: exported entries, one JSON text each, from the first on; the checkpoints; and the key as `verifierKey`
 * writes it. Asks no store, and stops at the first thing that is wrong.
 */
export async function verifyAudit(
  deps: VerifyDeps,
  lines: AsyncIterable<string>,
  checkpoints: readonly string[],
  key: string,
): Promise<AuditVerdict> {
  const read = checkpoints.map(readCheckpoint)
  const known = read.filter((each) => each !== undefined && isSigned(deps, each, key))
  const bad = read.findIndex((each) => !known.includes(each))
  if (bad >= 0) return { verdict: 'tampered', seq: read[bad]?.size ?? 0, kind: 'signature', entries: 0 }
  const bySize = Map.groupBy(known as readonly Checkpoint[], ({ size }) => size)
  const signed = Math.max(0, ...bySize.keys())
  let at: Reached = { hash: NO_HASH, tree: emptyTree }
  for await (const line of lines) {
    const next = step(deps.digest, at, line)
    if (typeof next === 'string') return { verdict: 'tampered', seq: at.tree.size + 1, kind: next, entries: at.tree.size }
    at = next
    const { size } = at.tree
    if (bySize.get(size)?.some(({ root }) => root.toHex() !== rootOf(deps.digest, at.tree).toHex()))
      return { verdict: 'tampered', seq: size, kind: 'checkpoint', entries: size }
  }
  const entries = at.tree.size
  if (signed > entries) return { verdict: 'tampered', seq: entries + 1, kind: 'cut', entries }
  return { verdict: signed < entries || entries === 0 ? 'incomplete' : 'ok', entries, signed }
}

interface Reached {
  readonly hash: string
  readonly tree: Tree
}

function step(digest: Digest, { hash: last, tree }: Reached, line: string): Reached | TamperKind {
  const entry = parsed(line)
  if (entry === undefined) return 'unreadable'
  if (entry.seq !== tree.size + 1) return 'number'
  if (entry.prevHash !== last) return 'link'
  const hash = String(entry.hash)
  // The export has its keys in order: what is left of its text hashes to the same. Where it does not, the order is put right first.
  let leaf = leafOf(digest, last, without(without(line, `"hash":"${hash}",`), `"prevHash":"${last}",`))
  if (leaf.toHex() !== hash) leaf = leafOf(digest, last, canonical({ ...entry, hash: undefined, prevHash: undefined }))
  return leaf.toHex() === hash ? { hash, tree: grown(digest, tree, leaf) } : 'content'
}

function without(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(0, at) + text.slice(at + part.length)
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
