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
  const said = encoder.encode(text)
  const bytes = new Uint8Array(33 + said.length)
  bytes.set(Uint8Array.fromHex(prevHash), 1)
  bytes.set(said, 33)
  return digest(bytes)
}

const encoder = new TextEncoder()

/** JSON as RFC 8785 has it: the same for equal values. Of what JSON knows, and no integer for a key. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = value as Readonly<Record<string, unknown>>
  // By UTF-16 code units, as the standard wants.
  const names = Object.keys(fields)
    .filter((name) => fields[name] !== undefined)
    .sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`).join(',')}}`
}

export function entryPath(seq: number): string {
  return `auditLogs/${auditId(seq)}`
}
