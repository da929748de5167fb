import type { signInApi } from '../../api/sign-in.ts'
import { type KeyDeps, revokeKey } from '../../flows/keys.ts'
import { spendSignInLink } from '../../flows/sign-in.ts'
import { readKeyText } from '../../model/api-key.ts'
import type { Handlers } from '../call.ts'
import { endedCookie, newCookie, sessionIn } from '../session-cookie.ts'

export const signInHandlers: Handlers<typeof signInApi, KeyDeps> = {
  async signIn(deps, { principal }) {
    const { key, text } = await spendSignInLink(deps, principal.credential)
    return { body: { key: text, expiresAt: key.expiresAt ?? key.createdAt } }
  },
  async signInBrowser(deps, { principal }) {
    const { key, text } = await spendSignInLink(deps, principal.credential)
    const expiresAt = key.expiresAt ?? key.createdAt
    const maxAgeS = Math.floor((Date.parse(expiresAt) - deps.clock.nowMs()) / 1000)
    return { body: { expiresAt }, headers: { 'set-cookie': newCookie(text, maxAgeS) } }
  },
  async getBrowserSession(_, { principal }) {
    const { kind, scopes } = principal
    return { body: { kind, scopes: [...scopes], ...('userId' in principal && { userId: principal.userId }) } }
  },
  async signOutBrowser(deps, { principal, header }) {
    // A key that came in a header is its owner's, and not this session's.
    const session = sessionIn(header('cookie'))
    const keyId = readKeyText(session ?? '')?.keyId
    if (keyId !== undefined && keyId === principal.credential) await revokeKey(deps, keyId)
    return session === undefined ? {} : { headers: { 'set-cookie': endedCookie } }
  },
}
