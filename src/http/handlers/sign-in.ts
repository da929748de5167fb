import type { signInApi } from '../../api/sign-in.ts'
import type { KeyDeps } from '../../flows/keys.ts'
import { useSignInLink } from '../../flows/sign-in.ts'
import type { Handlers } from '../call.ts'

export const signInHandlers: Handlers<typeof signInApi, KeyDeps> = {
  async signIn(deps, { principal }) {
    const { key, text } = await useSignInLink(deps, principal.credential)
    return { body: { key: text, expiresAt: key.expiresAt ?? key.createdAt } }
  },
}
