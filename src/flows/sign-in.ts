import type { ApiKey } from '../model/api-key.ts'
import { type Scope, scopesOf } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import { type KeyDeps, type MadeKey, newKey } from './keys.ts'
import { notValid } from './verify-key.ts'

const LINK_MS = 10 * 60_000
const SESSION_MS = 12 * 3_600_000

/** Whoever can read what the server prints is at its machine: its owner, who uses it and runs it. */
const ofOwner: readonly Scope[] = [...new Set<Scope>([...scopesOf.service, ...scopesOf.operator, ...scopesOf.auditor])]

/** A credential that is good for one exchange within ten minutes, and for nothing else. */
export async function makeSignInLink(deps: KeyDeps): Promise<MadeKey> {
  const link = newKey(deps, { kind: 'service', scopes: ['sign-in:use'], lifeMs: LINK_MS })
  await deps.documents.batch([{ op: 'put', path: `keys/${link.key.keyId}`, body: link.key, ifAbsent: true }])
  return link
}

/** The link for a key of twelve hours: both, or neither. Throws `Problem('unauthorized')` where the link was used already. */
export async function spendSignInLink(deps: KeyDeps, linkId: string): Promise<MadeKey> {
  const link = await deps.documents.get<ApiKey>(`keys/${linkId}`)
  if (!link?.body.scopes.includes('sign-in:use')) throw notValid()
  const session = newKey(deps, { kind: 'service', scopes: ofOwner, lifeMs: SESSION_MS })
  try {
    await deps.documents.batch([
      { op: 'delete', path: link.path, ifVersion: link.version },
      { op: 'put', path: `keys/${session.key.keyId}`, body: session.key, ifAbsent: true },
    ])
    return session
  } catch (error) {
    throw error instanceof Problem && error.code === 'conflict' ? notValid() : error
  }
}
