import { Problem } from '../model/problem.ts'
import { ageYears, type StoredUser } from '../model/user.ts'
import { localDate } from '../model/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { findConfiguration } from './configuration.ts'

/** Today where a person's profile says they live. */
export function todayOf({ clock }: { readonly clock: Clock }, { profile }: Pick<StoredUser, 'profile'>): string {
  return localDate([{ fromMs: 0, zone: profile.timezone }], clock.nowMs())
}

/**
 * What no schema can say of a person: they are born, and old enough. Throws `Problem('invalid')` that names the place, or
 * `Problem('age_restricted')`.
 */
export async function checkPerson(
  deps: { readonly documents: Documents; readonly clock: Clock },
  user: Pick<StoredUser, 'profile'>,
): Promise<void> {
  const { dateOfBirth } = user.profile
  if (typeof dateOfBirth !== 'string') return
  const today = todayOf(deps, user)
  if (dateOfBirth > today) {
    const error = { pointer: '/profile/dateOfBirth', code: 'out_of_range', message: 'Date of birth cannot be in the future' } as const
    throw new Problem('invalid', 'Not a valid person', { errors: [error] })
  }
  const { minimumAge } = (await findConfiguration(deps)).configuration
  if (ageYears(dateOfBirth, today) < minimumAge) throw new Problem('age_restricted', `An account needs an age of ${minimumAge} years.`)
}
