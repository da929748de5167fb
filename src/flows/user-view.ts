import { inOrder } from '../model/in-order.ts'
import { seenOf } from '../model/text.ts'
import { userFlags } from '../model/user.ts'
import { UserView } from '../model/user-forms.ts'
import type { Clock } from '../ports/clock.ts'
import { todayOf } from './check-person.ts'
import type { UserRecord } from './manage-user.ts'

/** A person as they are spoken of: what is ours alone stays out. */
export function userView(deps: { readonly clock: Clock }, { userId, user }: Pick<UserRecord, 'userId' | 'user'>): UserView {
  const { healthProfile, preferences, metadata } = user
  const { displayName } = user.profile
  const profile = { ...user.profile, ...(displayName !== undefined && { displayName: seenOf(displayName) }) }
  const flags = userFlags(user, todayOf(deps, user))
  return inOrder(UserView, { userId, profile, healthProfile, preferences, metadata, flags })
}
