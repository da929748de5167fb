import { mergePatch } from '../model/merge-patch.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { StoredUser, type User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { type AddressDeps, addressTaken, moveAddress } from './addresses.ts'
import { checkPerson } from './check-person.ts'
import type { KnownUser, UserRecord } from './manage-user.ts'
import { remakeDays } from './remake-days.ts'
import { putVersioned } from './versions.ts'

export interface ChangeDeps extends AddressDeps {
  readonly clock: Clock
  /** The folded form under which an e-mail address is one person's. */
  readonly addressKeyOf: (email: string) => string
}

export interface UserChange {
  readonly userId: string
  readonly change: (user: KnownUser) => KnownUser
  /** Only this version is changed. */
  readonly ifVersion: number | undefined
  /** Names the work that the change makes. */
  readonly workId: string
}

/**
 * Changes a person, and with the change queues the making of their days where those are made from what changed. Throws
 * `Problem('not_found')`, `precondition_failed`, `invalid`, `age_restricted`, or `conflict` for an address that is somebody else's.
 */
export async function changeUser(deps: ChangeDeps, { userId, change, ifVersion, workId }: UserChange): Promise<UserRecord> {
  let isMoving = false
  const changed = putVersioned<KnownUser, KnownUser>(
    deps.documents,
    `users/${userId}`,
    async (stored) => {
      if (stored === undefined) throw nothingThere()
      const before = stored.body
      const after = stamped(deps, change(before))
      if (after.profile.dateOfBirth !== before.profile.dateOfBirth) await checkPerson(deps, after)
      const [from, to] = [addressKey(deps, before), addressKey(deps, after)]
      isMoving = from !== to
      const moved = await moveAddress(deps, { userId, before: from, after: to, at: after.metadata.updatedAt })
      return { body: after, also: [...moved, ...(makesOtherDays(before, after) ? await remakeDays(deps, userId, workId) : [])] }
    },
    ifVersion,
  )
  const { version, body: user } = await changed.catch((error) => {
    // Whose an address is, one cannot see who changes oneself behind a second wall.
    throw isMoving && error instanceof Problem && error.code === 'conflict' ? addressTaken(error) : error
  })
  return { userId, version, user }
}

function stamped({ clock }: Pick<ChangeDeps, 'clock'>, user: KnownUser): KnownUser {
  return { ...user, metadata: { ...user.metadata, updatedAt: formatInstant(clock.nowMs()) } }
}

function addressKey({ addressKeyOf }: Pick<ChangeDeps, 'addressKeyOf'>, { profile: { email } }: KnownUser): string | undefined {
  return email === undefined ? undefined : addressKeyOf(email)
}

/** All that a person may say of themselves, in place of what stands; what the analysis keeps of them stays. */
export function replaced(user: KnownUser, said: Pick<User, 'profile' | 'healthProfile' | 'preferences'>): KnownUser {
  const { profile, healthProfile, preferences } = said
  return { ...user, ...(mergePatch({}, { profile, healthProfile, preferences }) as typeof said) }
}

const Sayable = StoredUser.pick({ profile: true, healthProfile: true, preferences: true })

/** What a merge patch makes of a person. Throws `Problem('invalid')` where it takes away what must be there. */
export function patched(user: KnownUser, patch: Readonly<Record<string, unknown>>): KnownUser {
  const { profile, healthProfile, preferences } = user
  const said = parseAs(Sayable, mergePatch({ profile, healthProfile, preferences }, patch), 'person')
  for (const field of ['email', 'displayName'] as const)
    if (profile[field] !== undefined && said.profile[field] === undefined) throw cannotGo(`/profile/${field}`)
  return { ...user, ...said }
}

function cannotGo(pointer: string): Problem {
  return new Problem('invalid', 'Not a valid person', {
    errors: [{ pointer, code: 'required', message: 'It can be changed, not taken away' }],
  })
}

function makesOtherDays(before: KnownUser, after: KnownUser): boolean {
  const zone = ({ zones, profile }: KnownUser) => (zones === undefined ? profile.timezone : '')
  const facts = (user: KnownUser) => JSON.stringify([user.profile.dateOfBirth ?? null, zone(user), user.sourcePriority?.order ?? null])
  return facts(before) !== facts(after)
}
