import { hasLiveKey, type KeyDeps } from '../flows/keys.ts'
import { Problem } from '../model/problem.ts'
import type { Tokens } from '../ports/tokens.ts'
import { isLoopback } from './access-settings.ts'

/**
 * Throws `Problem('wrong_use')` where others could reach a server that nobody has a credential for: its only way in would be the link that
 * it prints, which is meant for whoever sits at it.
 */
export async function refuseOpenDoor(
  deps: Pick<KeyDeps, 'documents' | 'clock'> & { readonly tokens: Tokens },
  host: string,
): Promise<void> {
  if (isLoopback(host) || deps.tokens.issuers > 0 || (await hasLiveKey(deps))) return
  throw new Problem(
    'wrong_use',
    `Listening on ${host} needs credentials first: make a key with clarity keys create, or name an issuer in CLARITY_ISSUERS.`,
  )
}
