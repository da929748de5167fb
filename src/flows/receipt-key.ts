import type { Principal } from '../model/principal.ts'
import { type KeyDeps, makeKey } from './keys.ts'

const YEAR_MS = 366 * 86_400_000

/** A key for nothing but the receipt of one erasure: who was erased has no other any more. Asked again before it was used, a new one. */
export async function makeReceiptKey(deps: KeyDeps, erasureId: string): Promise<string> {
  const made = await makeKey(deps, { keyId: keyIdOf(erasureId), kind: 'service', scopes: ['receipts:read'], lifeMs: YEAR_MS })
  return made.text
}

/** Whether a credential may see a receipt: one that is for a receipt alone sees that one. */
export function maySeeReceipt({ credential, scopes }: Principal, erasureId: string): boolean {
  return scopes.length > 1 || credential === keyIdOf(erasureId)
}

function keyIdOf(erasureId: string): string {
  return erasureId.slice(0, 32)
}
