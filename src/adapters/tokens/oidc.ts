import type { JWTPayload, JWTVerifyGetKey, ProtectedHeaderParameters } from 'jose'
import { Problem } from '../../model/problem.ts'
import { idPattern } from '../../model/text.ts'
import type { Clock } from '../../ports/clock.ts'
import type { TokenClaims, Tokens } from '../../ports/tokens.ts'
import { fetchGuarded, jwksUrlOf } from './issuer-documents.ts'

export interface Issuer {
  /** As it stands in `iss`. */
  readonly issuer: string
  readonly audience: string
}

/** A symmetric algorithm or none would let whoever knows the public key sign. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256']
const SKEW_S = 30
const KEYS_MAX_AGE_MS = 10 * 60_000
const KEYS_COOLDOWN_MS = 30_000
const FETCH_MS = 5000
const TOKEN_CHARS = 8000
const KEY_ID = /^[A-Za-z0-9_.:=+~-]{1,200}$/

/** Keys that a token would bring along itself, or have fetched. */
const FOREIGN_KEYS = ['jku', 'jwk', 'x5u', 'x5c'] as const

/**
 * OpenID Connect: each issuer's keys are found by its discovery document, kept for ten minutes, and asked for again when a token names one
 * that is not among them, at most every 30 s. Every issuer may name any person of this house: by `clarity_user_id`, else by `sub`.
 */
export function openTokens(issuers: readonly Issuer[], { clock }: { readonly clock: Clock }): Tokens {
  const keysOf = new Map<string, Promise<JWTVerifyGetKey>>()

  /** Asked for again after a failure. */
  function keys(issuer: string): Promise<JWTVerifyGetKey> {
    const known = keysOf.get(issuer)
    if (known !== undefined) return known
    const found = findKeys(issuer)
    keysOf.set(issuer, found)
    found.catch(() => keysOf.delete(issuer))
    return found
  }

  return {
    issuers: issuers.length,
    async verify(token) {
      const { decodeJwt, decodeProtectedHeader, jwtVerify } = await import('jose')
      const said = read(() => ({ header: decodeProtectedHeader(token), claims: decodeJwt(token) }))
      if (said === undefined || token.length > TOKEN_CHARS) throw notValid('It is no token.')
      refuseHeader(said.header)
      const trusted = issuers.find(({ issuer }) => issuer === said.claims.iss)
      if (trusted === undefined) throw notValid('Its issuer is not trusted here.')
      const { issuer, audience } = trusted
      const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: SKEW_S, requiredClaims: ['exp', 'sub'] }
      try {
        const { payload } = await jwtVerify(token, await keys(issuer), { ...options, currentDate: new Date(clock.nowMs()) })
        return claimsOf(issuer, payload)
      } catch (cause) {
        throw translated(cause)
      }
    },
  }
}

async function findKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, customFetch } = await import('jose')
  return createRemoteJWKSet(await jwksUrlOf(issuer), {
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    timeoutDuration: FETCH_MS,
    [customFetch]: (url: string, { signal }: { readonly signal: AbortSignal }) => fetchGuarded(url, signal),
  })
}

function refuseHeader(header: ProtectedHeaderParameters): void {
  if (FOREIGN_KEYS.some((name) => Object.hasOwn(header, name))) throw notValid('It brings its own key.')
  if (typeof header.alg !== 'string' || !ALGORITHMS.includes(header.alg))
    throw notValid(`Its algorithm is not one of ${ALGORITHMS.join(', ')}.`)
  if (typeof header.kid !== 'string' || !KEY_ID.test(header.kid)) throw notValid('It names no key.')
}

function claimsOf(issuer: string, payload: JWTPayload): TokenClaims {
  const subject = payload.sub ?? ''
  const userId = payload.clarity_user_id ?? subject
  if (typeof userId !== 'string' || !idPattern.test(userId)) throw notValid('It names nobody whose id could be one of this house.')
  const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ').filter((word) => word !== '') : []
  return { issuer, subject, userId, scopes }
}

function read<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    // jose throws a TypeError or its own error for whatever is no token: all of it means the same here.
    return undefined
  }
}

/** jose's errors by their `code`; others pass. */
function translated(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'ERR_JWT_EXPIRED') return new Problem('token_expired', 'The token has expired.', { cause })
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' && cause instanceof Error && 'claim' in cause && cause.claim === 'nbf')
    return new Problem('token_expired', 'The time of the token has not begun.', { cause })
  if (UNREACHABLE.has(code)) return new Problem('unavailable', 'The keys of the issuer cannot be had.', { cause })
  return /^ERR_J(?:OSE|W[A-Z]+)_/.test(code) ? notValid('It is not valid.', cause) : cause
}

/** A timeout, a key set that is none, or an answer that is no success. */
const UNREACHABLE = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

function notValid(why: string, cause?: unknown): Problem {
  return new Problem('unauthorized', `The access token is refused. ${why}`, cause === undefined ? {} : { cause })
}
