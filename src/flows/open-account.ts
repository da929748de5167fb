import type { AddressClaim } from '../model/address-claim.ts'
import { mergePatch } from '../model/merge-patch.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { StoredUser, User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { type AddressDeps, addressPath, claimOf, unkeyedClaimOf } from './addresses.ts'
import { checkPerson } from './check-person.ts'
import { findUser } from './manage-user.ts'

export interface AccountDeps extends AddressDeps {
  readonly clock: Clock
}

export interface Opening {
  readonly userId: string
  /** The same for each repetition of one call. */
  readonly callId: string
  readonly account: Pick<User, 'profile' | 'healthProfile' | 'preferences'>
  /** The folded e-mail address. */
  readonly addressKey: string
}

/**
 * Makes a person. Where the address is somebody's already nothing is made, and nothing tells: an answer that differed would say who has an
 * account here. Throws `Problem('conflict')` for an id that is taken, `age_restricted`, or `invalid`.
 */
export async function openAccount(deps: AccountDeps, { userId, callId, account, addressKey }: Opening): Promise<void> {
  const person = newPerson(deps, account)
  await checkPerson(deps, person)
  const claim: AddressClaim = { userId, claimedAt: person.metadata.createdAt, callId }
  try {
    if ((await unkeyedClaimOf(deps, addressKey)) !== undefined) throw new Problem('conflict', 'The address is somebody’s.')
    await deps.documents.batch([
      { op: 'put', path: `users/${userId}`, body: person, ifAbsent: true },
      { op: 'put', path: await addressPath(deps, addressKey), body: claim, ifAbsent: true },
    ])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
    await judgeConflict(deps, { userId, callId, addressKey })
  }
}

function newPerson({ clock }: Pick<AccountDeps, 'clock'>, account: Opening['account']): StoredUser {
  const now = formatInstant(clock.nowMs())
  const { profile, healthProfile, preferences } = account
  const said = mergePatch({}, { profile, healthProfile, preferences }) as Opening['account']
  return { ...said, metadata: { createdAt: now, updatedAt: now, dataVersion: '1.0.0' } }
}

/** Both are asked for, whatever the first says: the answers shall take alike long. */
async function judgeConflict(deps: AccountDeps, { userId, callId, addressKey }: Omit<Opening, 'account'>): Promise<void> {
  const [person, claim] = await Promise.all([findUser(deps, userId), claimOf(deps, addressKey)])
  const isRepeated = claim?.body.userId === userId && claim.body.callId === callId
  if (person !== undefined && !isRepeated) throw new Problem('conflict', 'There is somebody of this userId.')
}
