import { type ApiKey, readKeyText } from '../model/api-key.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Stored } from '../ports/documents.ts'
import { hashOf, isExpired, type KeyDeps, revokeKey } from './keys.ts'
import { erased } from './tombstones.ts'

const HOUR_MS = 3_600_000

/** No secret has this digest that anyone could find: an unknown key costs what a known one does. */
const nobodys = '0'.repeat(64)

/**
 * The key that a credential is. Throws `Problem('unauthorized')` for one that is unknown, revoked, or of a person who is not there any more,
 * `token_expired` for one whose time is over.
 */
export async function verifyKey(deps: Omit<KeyDeps, 'newId' | 'newSecret'>, said: string): Promise<ApiKey> {
  const found = await findKey(deps, said)
  if (found?.body.erasureId !== undefined) throw erased()
  if (found === undefined || found.body.revokedAt !== undefined) throw notValid()
  if (isExpired(found.body, deps.clock.nowMs())) throw new Problem('token_expired', 'This key has expired.')
  const { userId } = found.body
  if (userId !== undefined && (await deps.documents.get(`users/${userId}`)) === undefined) throw notValid()
  await noteUse(deps, found)
  return found.body
}

/** Ends a key that stood where others could read it; what only looks like one ends nothing. */
export async function revokeExposed(deps: Omit<KeyDeps, 'newId' | 'newSecret'>, said: string): Promise<void> {
  const found = await findKey(deps, said)
  if (found !== undefined) await revokeKey(deps, found.body.keyId)
}

/** The key with this id and this secret. */
async function findKey(deps: Omit<KeyDeps, 'newId' | 'newSecret'>, said: string): Promise<Stored<ApiKey> | undefined> {
  const parts = readKeyText(said)
  const found = parts && (await deps.documents.get<ApiKey>(`keys/${parts.keyId}`))
  const isRight = isSame(hashOf(deps, parts?.secret ?? ''), found?.body.secretSha256 ?? nobodys)
  return isRight ? found : undefined
}

export function notValid(): Problem {
  return new Problem('unauthorized', 'There is no valid credential in the Authorization header.')
}

/** In a time that says nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < other.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}

/** A store that takes no writes now may still be read: the note is not worth a refusal. */
const mayFail = new Set(['conflict', 'unavailable', 'storage_full'])

async function noteUse({ documents, clock }: Pick<KeyDeps, 'documents' | 'clock'>, found: Stored<ApiKey>): Promise<void> {
  const lastUsedAt = formatInstant(Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS)
  if (found.body.lastUsedAt !== undefined && found.body.lastUsedAt >= lastUsedAt) return
  try {
    await documents.batch([{ op: 'put', path: found.path, body: { ...found.body, lastUsedAt }, ifVersion: found.version }])
  } catch (error) {
    if (!(error instanceof Problem && mayFail.has(error.code))) throw error
  }
}
