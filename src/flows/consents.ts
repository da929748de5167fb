import type { ConsentReceipt } from '../model/access.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { findConfiguration } from './configuration.ts'
import { findUser, type KnownUser } from './manage-user.ts'
import { putVersioned } from './versions.ts'

export type Purpose = ConsentReceipt['purpose']

export interface ConsentDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/**
 * Whether a person's data may be used for this now: their flag says so, and so does their last receipt for it; where they gave none, the
 * operator's `consentDefaults: document` counts. To be asked at the request, at the start of a job, and before its result is published.
 */
export async function mayUse(deps: Pick<ConsentDeps, 'documents'>, userId: string, purpose: Purpose): Promise<boolean> {
  const found = await findUser(deps, userId)
  if (!found?.user.profile.privacySettings[purpose]) return false
  const last = await lastReceipt(deps, userId, purpose)
  if (last !== undefined) return last.given
  return (await findConfiguration(deps)).configuration.consentDefaults === 'document'
}

export interface Consent {
  readonly purpose: Purpose
  readonly given: boolean
  readonly textVersion: string
}

/**
 * Keeps a receipt for ever and brings the flag of the profile to it, both or neither. The same `receiptId` again gives the first one.
 * Throws `Problem('not_found')` for a person who is not there.
 */
export async function giveConsent(deps: ConsentDeps, userId: string, receiptId: string, consent: Consent): Promise<ConsentReceipt> {
  const path = `users/${userId}/consents/${receiptId}`
  const kept = () => deps.documents.get<ConsentReceipt>(path)
  const first = await kept()
  if (first !== undefined) return first.body
  const last = await lastReceipt(deps, userId, consent.purpose)
  const receipt = { receiptId, userId, ...consent, givenAt: later(deps.clock.nowMs(), last?.givenAt) }
  try {
    await putVersioned<KnownUser>(deps.documents, `users/${userId}`, (stored) => {
      if (stored === undefined) throw nothingThere()
      return { body: withFlag(stored.body, receipt), also: [{ op: 'put', path, body: receipt, ifAbsent: true }] }
    })
    return receipt
  } catch (error) {
    // The same was sent twice at once.
    const other = error instanceof Problem && error.code === 'conflict' ? await kept() : undefined
    if (other === undefined) throw error
    return other.body
  }
}

/** After the one before, also where the clock went back: the last receipt is the one that counts. */
function later(nowMs: number, before: string | undefined): string {
  return formatInstant(before === undefined ? nowMs : Math.max(nowMs, Date.parse(before) + 1))
}

function withFlag(user: KnownUser, { purpose, given, givenAt }: ConsentReceipt): KnownUser {
  const { profile, metadata } = user
  const privacySettings = { ...profile.privacySettings, [purpose]: given }
  return { ...user, profile: { ...profile, privacySettings }, metadata: { ...metadata, updatedAt: givenAt } }
}

async function lastReceipt({ documents }: Pick<ConsentDeps, 'documents'>, userId: string, purpose: Purpose) {
  const equals = [userId, purpose]
  const query = { collection: 'consents', parent: `users/${userId}`, index: 'purpose', equals, limit: 1 }
  return (await documents.list<ConsentReceipt>(query)).data[0]?.body
}
