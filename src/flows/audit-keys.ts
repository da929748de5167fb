import { Problem } from '../model/problem.ts'
import type { Documents } from '../ports/documents.ts'
import { HOUSE, type Keys } from '../ports/keys.ts'
import type { Timer } from '../ports/timer.ts'

export interface AuditKeyDeps {
  readonly documents: Documents
  readonly keys: Keys
  readonly timer: Pick<Timer, 'elapsedMs'>
}

/** A person's key for the audit log; undefined for whom nobody knows, and for who was erased. */
export type AuditKeyOf = (userId: string) => Promise<Uint8Array | undefined>

/** A key that was destroyed must be gone everywhere within a second: what was found is believed for half of one. */
const BELIEVED_MS = 500
const MAX_BELIEVED = 10_000

export function openAuditKeys(deps: AuditKeyDeps): AuditKeyOf {
  const believed = new Map<string, { readonly key: Uint8Array; readonly sinceMs: number }>()
  return async (userId) => {
    const sinceMs = deps.timer.elapsedMs()
    const known = believed.get(userId)
    if (known !== undefined && sinceMs - known.sinceMs < BELIEVED_MS) return known.key
    believed.delete(userId)
    const key = await findKey(deps, userId)
    if (key === undefined) return undefined
    // The oldest goes first: a Map keeps the order in which it was filled.
    if (believed.size >= MAX_BELIEVED) believed.delete(believed.keys().next().value ?? '')
    believed.set(userId, { key, sinceMs })
    return key
  }
}

/** Made for a person who has none yet, and for the house; for nobody else. */
async function findKey({ keys, documents }: AuditKeyDeps, userId: string): Promise<Uint8Array | undefined> {
  try {
    const known = await keys.of(userId)
    if (known !== undefined) return known.audit
    const isThere = userId === HOUSE || (await documents.get(`users/${userId}`)) !== undefined
    return isThere ? (await keys.make(userId)).audit : undefined
  } catch (error) {
    if (error instanceof Problem && error.code === 'erased') return undefined
    throw error
  }
}
