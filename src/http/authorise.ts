import type { Endpoint, Grantable } from '../api/endpoint.ts'
import { erased } from '../flows/tombstones.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { type Principal, personalKinds } from '../model/principal.ts'
import { Problem } from '../model/problem.ts'

/** Whether a grant of `ownerId` lets `granteeId` do this now. */
export type MayByGrant = (ownerId: string, granteeId: string, what: Grantable) => Promise<boolean>

interface Doors {
  readonly mayByGrant: MayByGrant
  /** Absent: nobody was ever erased. */
  readonly isErased?: ((userId: string) => Promise<boolean>) | undefined
}

/**
 * Throws where the principal may not: `forbidden` for what a credential of this kind cannot do at all, `not_found` for another person's
 * data, which look as if they were not there, `erased` for what is no more.
 */
export async function authorise(principal: Principal, endpoint: Endpoint, ownerId: string | undefined, gate: Doors): Promise<void> {
  await refuseStranger(principal, endpoint, ownerId, gate)
  // Last: only who may ask learns that there was somebody.
  if (ownerId !== undefined && (await gate.isErased?.(ownerId))) throw erased()
}

async function refuseStranger(principal: Principal, endpoint: Endpoint, ownerId: string | undefined, { mayByGrant }: Doors): Promise<void> {
  if (!principal.scopes.includes(endpoint.scope)) throw new Problem('forbidden', `This credential has not the scope ${endpoint.scope}.`)
  if (ownerId === undefined) return
  if (!isPersonal(principal)) {
    // Those who run or study the system have no business at one person's address, whatever scope it takes.
    if (principal.kind !== 'service') throw new Problem('forbidden', `A credential of a ${principal.kind} reaches no person's data.`)
    return
  }
  if (principal.userId === ownerId) return
  const { grant } = endpoint
  if (grant === undefined || principal.kind !== 'person' || !(await mayByGrant(ownerId, principal.userId, grant))) throw nothingThere()
}

function isPersonal(principal: Principal): principal is Extract<Principal, { userId: string }> {
  const kinds: readonly string[] = personalKinds
  return kinds.includes(principal.kind)
}
