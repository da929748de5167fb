import { type AuditChain, type AuditEntry, type AuditNote, auditId } from '../model/audit.ts'
import { type Digest, emptyTree, grown, type Tree } from './merkle-tree.ts'

/** Before the first entry. */
export const NO_HASH = '0'.repeat(64)

/** Where a chain is: its size, the hash of its last entry, and its tree. */
export interface Chain {
  readonly hash: string
  readonly tree: Tree
}

export const emptyChain: Chain = { hash: NO_HASH, tree: emptyTree }

export function chainOf({ size, hash, tree }: Pick<AuditChain, 'size' | 'hash' | 'tree'>): Chain {
  return { hash, tree: { size, roots: tree.map((root) => Uint8Array.fromHex(root)) } }
}

/** What happened becomes the chain's next entry. */
export function sealed(
  digest: Digest,
  { hash: prevHash, tree }: Chain,
  note: AuditNote,
): { readonly entry: AuditEntry; readonly chain: Chain } {
  const numbered = { ...note, seq: tree.size + 1 }
  const leaf = leafOf(digest, prevHash, canonical(numbered))
  const hash = leaf.toHex()
  return { entry: { ...numbered, prevHash, hash }, chain: { hash, tree: grown(digest, tree, leaf) } }
}

/** SHA-256(0x00 ‖ prevHash ‖ text): the hash of an entry, and its leaf in the Merkle tree. */
export function leafOf(digest: Digest, prevHash: string, text: string): Uint8Array {
  // A letter of UTF-16 is three bytes of UTF-8 at most.
  const most = HEAD + 3 * text.length
  if (scratch.length < most) scratch = new Uint8Array(2 * most)
  scratch.subarray(1, HEAD).setFromHex(prevHash)
  const { written } = encoder.encodeInto(text, scratch.subarray(HEAD))
  return digest(scratch.subarray(0, HEAD + written))
}

/** 0x00, and a hash. */
const HEAD = 33
let scratch = new Uint8Array(4096)
const encoder = new TextEncoder()

/** JSON as RFC 8785 has it: the same for equal values. Of what JSON knows, and no integer for a key. */
export function canonical(value: unknown): string {
  return JSON.stringify(inOrder(value))
}

/** By UTF-16 code units, as the standard wants; what is in order already stays what it is. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inOrder)
  const fields = value as Readonly<Record<string, unknown>>
  const names = Object.keys(fields)
  const isInOrder = names.every((name, at) => at === 0 || (names[at - 1] as string) < name)
  if (isInOrder && names.every((name) => typeof fields[name] !== 'object')) return fields
  const sorted: Record<string, unknown> = {}
  for (const name of isInOrder ? names : names.sort()) sorted[name] = inOrder(fields[name])
  return sorted
}

export function entryPath(seq: number): string {
  return `auditLogs/${auditId(seq)}`
}
