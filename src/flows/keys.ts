import { type ApiKey, keyText } from '../model/api-key.ts'
import { type PrincipalKind, personalKinds, type Scope, scopesOf } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { every } from './every.ts'
import { requireUser } from './manage-user.ts'
import { putVersioned } from './versions.ts'

export interface KeyDeps {
  readonly documents: Documents
  readonly clock: Clock
  /** 32 lower-case hex digits. */
  readonly newId: () => string
  /** 256 random bits in base64url. */
  readonly newSecret: () => string
  readonly sha256: (bytes: Uint8Array) => string
}

export interface WantedKey {
  /** 32 lower-case hex digits that are the same whenever the same key is asked for; absent: it is asked for once. */
  readonly keyId?: string | undefined
  readonly kind: PrincipalKind
  /** Needed for a person or device, and wrong for others. */
  readonly userId?: string | undefined
  /** Absent: all that the kind may have. */
  readonly scopes?: readonly Scope[] | undefined
  /** Absent: until it is revoked. */
  readonly lifeMs?: number | undefined
}

export interface MadeKey {
  readonly key: ApiKey
  /** The whole credential. It is not kept and cannot be shown again. */
  readonly text: string
}

/**
 * A `keyId` again gives the key another secret, and voids the first: whoever asks again has not received it. Throws `Problem('invalid')` for
 * scopes or a person that the kind cannot have, `not_found` for a person who is not there, `conflict` for a key that was used or revoked.
 */
export async function makeKey(deps: KeyDeps, wanted: WantedKey): Promise<MadeKey> {
  const scopes = wanted.scopes ?? scopesOf[wanted.kind]
  refuseBeyondKind(wanted, scopes)
  if (wanted.userId !== undefined) await requireUser(deps, wanted.userId)
  const made = newKey(deps, { ...wanted, scopes })
  await putVersioned<ApiKey, ApiKey>(deps.documents, `keys/${made.key.keyId}`, (stored) => {
    if (stored?.body.lastUsedAt !== undefined || stored?.body.revokedAt !== undefined)
      throw new Problem('conflict', 'This key was made and used: its secret is told once. Make another, under another Idempotency-Key.')
    return { body: made.key }
  })
  return made
}

function refuseBeyondKind({ kind, userId }: WantedKey, scopes: readonly Scope[]): void {
  const allowed: readonly Scope[] = scopesOf[kind]
  const beyond = scopes.filter((scope) => !allowed.includes(scope))
  if (beyond.length > 0) throw new Problem('invalid', `A ${kind} cannot have ${beyond.join(', ')}. It may have: ${allowed.join(', ')}.`)
  if (isPersonal(kind) !== (userId !== undefined))
    throw new Problem('invalid', isPersonal(kind) ? `Whose key? A ${kind} speaks for one person.` : `A ${kind} speaks for no one person.`)
}

export function isPersonal(kind: PrincipalKind): kind is (typeof personalKinds)[number] {
  const kinds: readonly string[] = personalKinds
  return kinds.includes(kind)
}

/** A key that is not kept yet. */
export function newKey(deps: Omit<KeyDeps, 'documents'>, wanted: WantedKey & { readonly scopes: readonly Scope[] }): MadeKey {
  const [keyId, secret] = [wanted.keyId ?? deps.newId(), deps.newSecret()]
  const nowMs = deps.clock.nowMs()
  const { kind, userId, scopes, lifeMs } = wanted
  const key: ApiKey = {
    keyId,
    prefix: `clk_${keyId.slice(0, 8)}`,
    secretSha256: hashOf(deps, secret),
    kind,
    ...(userId !== undefined && { userId }),
    scopes: [...scopes],
    createdAt: formatInstant(nowMs),
    ...(lifeMs !== undefined && { expiresAt: formatInstant(nowMs + lifeMs) }),
  }
  return { key, text: keyText(keyId, secret) }
}

export function hashOf({ sha256 }: Pick<KeyDeps, 'sha256'>, secret: string): string {
  return sha256(new TextEncoder().encode(secret))
}

export async function* listKeys({ documents }: Pick<KeyDeps, 'documents'>): AsyncGenerator<ApiKey> {
  for await (const { body } of every<ApiKey>(documents, { collection: 'keys', index: 'created' })) yield body
}

/** Whether there is a key that opens anything now, but for links to sign in. */
export async function hasLiveKey(deps: Pick<KeyDeps, 'documents' | 'clock'>): Promise<boolean> {
  for await (const key of listKeys(deps)) {
    if (!key.scopes.includes('sign-in:use') && key.revokedAt === undefined && !isExpired(key, deps.clock.nowMs())) return true
  }
  return false
}

export function isExpired({ expiresAt }: Pick<ApiKey, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= nowMs
}

/** By its id, its prefix or its whole text. Every process refuses it within a second. Throws `Problem('not_found')`. */
export async function revokeKey(deps: Pick<KeyDeps, 'documents' | 'clock'>, said: string): Promise<string> {
  const keyId = await keyIdOf(() => listKeys(deps), said)
  const revokedAt = formatInstant(deps.clock.nowMs())
  await putVersioned<ApiKey>(deps.documents, `keys/${keyId}`, (stored) => {
    if (stored === undefined) throw noKey()
    return { body: { revokedAt, ...stored.body } }
  })
  return keyId
}

/** The id of the key that is meant: its prefix, its id or its whole text. Throws `Problem('not_found')`. */
export async function keyIdOf(list: () => AsyncIterable<Pick<ApiKey, 'keyId'>>, said: string): Promise<string> {
  const id = /^(?:clk_)?([0-9a-f]{8,32})(?:_[A-Za-z0-9_-]{43})?$/.exec(said)?.[1] ?? ''
  if (id.length === 32) return id
  const keyIds: string[] = []
  for await (const { keyId } of list()) if (id !== '' && keyId.startsWith(id)) keyIds.push(keyId)
  const [keyId, other] = keyIds
  if (keyId === undefined || other !== undefined) throw noKey()
  return keyId
}

function noKey(): Problem {
  return new Problem('not_found', 'There is no such key, or several begin like that. `clarity keys list` shows them.')
}
