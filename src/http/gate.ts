import { mayByGrant } from '../flows/grants.ts'
import { isPersonal, type KeyDeps } from '../flows/keys.ts'
import { erased, type Tombstones } from '../flows/tombstones.ts'
import { notValid, revokeExposed, verifyKey } from '../flows/verify-key.ts'
import type { ApiKey } from '../model/api-key.ts'
import { type Principal, type Scope, scopesOf } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'
import type { Timer } from '../ports/timer.ts'
import type { TokenClaims, Tokens } from '../ports/tokens.ts'
import type { Failures } from './count-failures.ts'
import type { Gate } from './server.ts'

export interface GateDeps extends Omit<KeyDeps, 'newId' | 'newSecret'> {
  readonly tokens: Tokens
  readonly timer: Pick<Timer, 'elapsedMs'>
  /** Absent: nobody was ever erased. */
  readonly tombstones?: Tombstones | undefined
}

export interface GateOptions {
  /** Absent: as many as one likes. */
  readonly failures?: Failures
}

/** What is revoked must be refused everywhere within a second: what was found true is believed for half of one. */
const BELIEVED_MS = 500
const MAX_BELIEVED = 10_000

/** Who asks, by API key or access token, and what others let them see. */
export function makeGate(deps: GateDeps, { failures }: GateOptions = {}): Gate {
  const believed = new Map<string, { readonly principal: Principal; readonly sinceMs: number }>()

  async function authenticate(authorization: string | undefined, address?: string): Promise<Principal> {
    const credential = /^Bearer +([\x21-\x7e]{1,8000})$/i.exec(authorization ?? '')?.[1]
    if (credential === undefined) throw notValid()
    const digest = deps.sha256(new TextEncoder().encode(credential))
    // From before the store is asked, or its answer would be older than it seems.
    const sinceMs = deps.timer.elapsedMs()
    const known = believed.get(digest)
    if (known !== undefined && sinceMs - known.sinceMs < BELIEVED_MS) return known.principal
    const check = () => principalOf(deps, credential)
    // One that was good before is asked about however many others from there were not: many people may share an address.
    const isCounted = known === undefined && address !== undefined && failures !== undefined
    const principal = await (isCounted ? failures(address, check) : check()).catch((error) => {
      believed.delete(digest)
      throw error
    })
    believed.delete(digest)
    // The oldest goes first: a Map keeps the order in which it was filled.
    if (believed.size >= MAX_BELIEVED) believed.delete(believed.keys().next().value ?? '')
    believed.set(digest, { principal, sinceMs })
    return principal
  }

  return {
    authenticate,
    isErased: rememberErased(deps),
    mayByGrant: (ownerId, granteeId, what) => mayByGrant(deps, ownerId, granteeId, what),
    exposed: (credential) => revokeExposed(deps, credential),
  }
}

/** Whether somebody was erased: what this process did of that, and of others what was at most half a second ago. */
function rememberErased({ tombstones, timer }: Pick<GateDeps, 'tombstones' | 'timer'>): (userId: string) => Promise<boolean> {
  const known = new Map<string, { readonly isErased: boolean; readonly sinceMs: number }>()
  let erasures = 0
  tombstones?.whenErased(() => {
    erasures += 1
    known.clear()
  })
  return async (userId) => {
    if (tombstones === undefined) return false
    const sinceMs = timer.elapsedMs()
    const found = known.get(userId)
    if (found !== undefined && sinceMs - found.sinceMs < BELIEVED_MS) return found.isErased
    const before = erasures
    const isErased = await tombstones.isErased(userId)
    known.delete(userId)
    // Asked before an erasure and answered after it: true of then, and nothing to remember.
    if (before !== erasures) return isErased
    if (known.size >= MAX_BELIEVED) known.delete(known.keys().next().value ?? '')
    known.set(userId, { isErased, sinceMs })
    return isErased
  }
}

async function principalOf(deps: GateDeps, credential: string): Promise<Principal> {
  if (credential.startsWith('clk_')) return ofKey(await verifyKey(deps, credential))
  if (deps.tokens.issuers === 0 || credential.split('.').length !== 3) throw notValid()
  const claims = await deps.tokens.verify(credential)
  if ((await deps.documents.get(`users/${claims.userId}`)) === undefined)
    throw (await deps.tombstones?.isErased(claims.userId)) ? erased() : notValid()
  return ofClaims(claims)
}

function ofKey({ keyId, kind, userId, scopes }: ApiKey): Principal {
  if (!isPersonal(kind)) return { kind, scopes, credential: keyId }
  if (userId === undefined) throw new Problem('storage_corrupt', `The key ${keyId} is one of a ${kind} and names nobody.`)
  return { kind, userId, scopes, credential: keyId }
}

/** A token that names scopes of ours has those, others all that a person may have. */
function ofClaims({ issuer, subject, userId, scopes }: TokenClaims): Principal {
  const all: readonly Scope[] = scopesOf.person
  const named = all.filter((scope) => scopes.includes(scope))
  return { kind: 'person', userId, scopes: named.length > 0 ? named : all, credential: `${issuer}#${subject}` }
}
