import { Problem } from '../model/problem.ts'
import { canonicalZone, formatInstant } from '../model/time.ts'
import { StoredUser } from '../model/user.ts'
import type { StoredZones } from '../model/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { all } from './every.ts'

export interface UserDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** A person as kept, with what is known of where they were. */
export type KnownUser = StoredUser & { readonly zones?: StoredZones }

export interface UserRecord {
  readonly userId: string
  readonly version: number
  readonly user: KnownUser
}

export async function findUser({ documents }: Pick<UserDeps, 'documents'>, userId: string): Promise<UserRecord | undefined> {
  const stored = await documents.get<KnownUser>(`users/${userId}`)
  return stored && { userId, version: stored.version, user: stored.body }
}

/** Throws `Problem('not_found')`. */
export async function requireUser(deps: Pick<UserDeps, 'documents'>, userId: string): Promise<UserRecord> {
  const found = await findUser(deps, userId)
  if (!found) throw new Problem('not_found', `There is no person ${userId} here. \`clarity users list\` shows who is.`)
  return found
}

/** A person who is not there yet, as the first import makes them. Throws `Problem('invalid_timezone')`. */
export function newUser({ clock }: Pick<UserDeps, 'clock'>, zone: string | undefined): KnownUser {
  const now = formatInstant(clock.nowMs())
  return StoredUser.parse({
    profile: { timezone: zone === undefined ? 'UTC' : requireZone(zone) },
    metadata: { createdAt: now, updatedAt: now, dataVersion: '1.0.0' },
  })
}

/** The IANA zone in its own letter case. Throws `Problem('invalid_timezone')`. */
export function requireZone(zone: string): string {
  const canonical = canonicalZone(zone)
  if (canonical === undefined)
    throw new Problem('invalid_timezone', `${JSON.stringify(zone.slice(0, 60))} is not an IANA time zone such as Europe/Berlin.`)
  return canonical
}

export async function listUsers({ documents }: Pick<UserDeps, 'documents'>): Promise<UserRecord[]> {
  const users = await all<KnownUser>(documents, { collection: 'users' })
  return users.map(({ path, version, body }) => ({ userId: path.slice('users/'.length), version, user: body }))
}
