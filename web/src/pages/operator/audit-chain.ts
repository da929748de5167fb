import type { AuditEntry } from '../../../../src/model/audit.ts'
import { canonical } from '../../format/canonical.ts'

export type ChainVerdict =
  | { readonly isWhole: true; readonly first: number; readonly last: number }
  /** Of the first entry, from the newest, that is not what was sealed or does not follow. */
  | { readonly isWhole: false; readonly at: number }

/**
 * Whether entries, the newest first and without gaps, are what was sealed: each hash is that of its entry, and each names the one before.
 * Found by this browser from what it was told; undefined where there is nothing.
 */
export async function checkChain(entries: readonly AuditEntry[]): Promise<ChainVerdict | undefined> {
  const [newest] = entries
  const oldest = entries.at(-1)
  if (newest === undefined || oldest === undefined) return undefined
  for (const [at, entry] of entries.entries()) {
    const before = entries[at + 1]
    const follows = before === undefined || (before.seq === entry.seq - 1 && before.hash === entry.prevHash)
    if (!follows || (await hashOf(entry)) !== entry.hash) return { isWhole: false, at: entry.seq }
  }
  return { isWhole: true, first: oldest.seq, last: newest.seq }
}

/** SHA-256(0x00 ‖ prevHash ‖ JCS of all but the two hashes), in hex. */
async function hashOf({ hash: _, prevHash, ...note }: AuditEntry): Promise<string> {
  const bytes = Uint8Array.from([0, ...bytesOf(prevHash), ...new TextEncoder().encode(canonical(note))])
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(hex: string): readonly number[] {
  return hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
}
