import type { ConsentReceipt } from '../model/access.ts'
import type { Documents } from '../ports/documents.ts'
import { findConfiguration } from './configuration.ts'
import type { Purpose } from './consents.ts'
import { every } from './every.ts'
import type { KnownUser } from './manage-user.ts'

/**
 * Everybody whose data may be used for a purpose now, as `mayUse` has it for one. Read from the store each time: who withdrew is not in it any
 * more. The receipts before the people: a withdrawal takes the flag of the profile back in its batch.
 */
export async function consentingPeople(deps: { readonly documents: Documents }, purpose: Purpose): Promise<Map<string, KnownUser>> {
  const { documents } = deps
  const last = new Map<string, ConsentReceipt>()
  for await (const { body } of every<ConsentReceipt>(documents, { collection: 'consents' })) {
    if (body.purpose !== purpose) continue
    const known = last.get(body.userId)
    if (known === undefined || known.givenAt < body.givenAt) last.set(body.userId, body)
  }
  const byDefault = (await findConfiguration(deps)).configuration.consentDefaults === 'document'
  const people = new Map<string, KnownUser>()
  for await (const { path, body } of every<KnownUser>(documents, { collection: 'users' })) {
    const userId = path.slice('users/'.length)
    if (body.profile.privacySettings[purpose] && (last.get(userId)?.given ?? byDefault)) people.set(userId, body)
  }
  return people
}
