import { type keysApi, ShownKey } from '../../api/keys.ts'
import { type KeyDeps, makeKey, revokeKey } from '../../flows/keys.ts'
import type { ApiKey } from '../../model/api-key.ts'
import { inOrder } from '../../model/in-order.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import { type Principal, type PrincipalKind, type Scope, scopesOf } from '../../model/principal.ts'
import { Problem } from '../../model/problem.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

const DAY_MS = 86_400_000

export const keysHandlers: Handlers<typeof keysApi, KeyDeps> = {
  async listKeys({ documents }, call) {
    const { data, ...next } = await listPage<ApiKey>(documents, { collection: 'keys', index: 'created' }, call)
    return { body: { data: data.map(({ body }) => inOrder(ShownKey, body)), ...next } }
  },
  async createKey(deps, { body, principal, callId }) {
    const { kind, userId, expiresInDays, scopes = [...scopesOf[kind]] } = body
    refuseBeyond(principal, kind, scopes)
    const lifeMs = expiresInDays === undefined ? undefined : expiresInDays * DAY_MS
    const { key, text } = await makeKey(deps, { keyId: callId, kind, userId, scopes, lifeMs })
    return { body: { ...inOrder(ShownKey, key), key: text } }
  },
  async revokeKey(deps, { params }) {
    if ((await deps.documents.get(`keys/${params.keyId}`)) === undefined) throw nothingThere()
    await revokeKey(deps, params.keyId)
    return {}
  },
}

/** Or whoever may make keys could read everybody's data by one. */
function refuseBeyond(principal: Principal, kind: PrincipalKind, scopes: readonly Scope[]): void {
  if (principal.kind !== 'service' && principal.kind !== kind)
    throw new Problem('forbidden', `A ${principal.kind} makes no key of a ${kind}.`)
  const beyond = scopes.filter((scope) => !principal.scopes.includes(scope))
  if (beyond.length > 0) throw new Problem('forbidden', `A key may not have what its maker has not: ${beyond.join(', ')}.`)
}
