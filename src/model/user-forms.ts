import { z } from 'zod'
import { inOrder } from './in-order.ts'
import { patchOf } from './merge-patch.ts'
import { effectiveWish, type RetentionPolicies, wishClasses } from './retention.ts'
import { Id, issue } from './text.ts'
import { HealthProfile, Preferences, PrivacySettings, StoredUser, UserProfile } from './user.ts'

// What clients send of a person: unknown fields are refused, so that a misspelt one is not lost.
const Profile = UserProfile.extend({ privacySettings: z.strictObject(PrivacySettings.shape).prefault({}) }).strict()
const Health = HealthProfile.strict()
const { notificationSettings, dataRetention } = Preferences.shape

export const PreferencesForm = z.strictObject({
  notificationSettings: z.strictObject(notificationSettings.unwrap().shape).prefault({}),
  dataRetention: z.strictObject(dataRetention.unwrap().shape).prefault({}),
})

const fields = { profile: Profile, healthProfile: Health.prefault({}), preferences: PreferencesForm.prefault({}) }

const ReadOnly = z
  .unknown()
  .superRefine((value, context) => {
    if (value !== undefined) context.addIssue(issue('read_only_field', 'Set by the server'))
  })
  .optional()
  .meta({ readOnly: true })
const setByServer = { tenantId: ReadOnly, role: ReadOnly, status: ReadOnly, metadata: ReadOnly, flags: ReadOnly }

/** A new account; its id is ours where none is named. */
export const AccountForm = z.strictObject({ userId: Id.optional(), ...fields, ...setByServer })
export type AccountForm = z.infer<typeof AccountForm>

/** All that a person may say of themselves, in place of what stands. */
export const UserForm = z.strictObject({ ...fields, userId: ReadOnly, ...setByServer })
export type UserForm = z.infer<typeof UserForm>

/** A merge patch of it (RFC 7396). */
export const UserPatch = patchOf(UserForm)

/** A person as they and those whom they let see them: without what only the analysis keeps. */
export const UserView = z.object({
  userId: Id,
  ...StoredUser.pick({ profile: true, healthProfile: true, preferences: true, metadata: true }).shape,
  /** What is allowed and improbable. */
  flags: z.array(z.string()),
})
export type UserView = z.infer<typeof UserView>

/** What a person prefers, and how long their data are kept by it: a wish may only shorten the policy. */
export const PreferencesView = Preferences.extend({ effectiveRetention: Preferences.shape.dataRetention.unwrap() })
export type PreferencesView = z.infer<typeof PreferencesView>

export function preferencesView(preferences: Preferences, policies: RetentionPolicies): PreferencesView {
  const { rawData, insights, analytics } = preferences.dataRetention
  const effectiveRetention = {
    rawData: effectiveWish(rawData, policies[wishClasses.rawData]),
    insights: effectiveWish(insights, policies[wishClasses.insights]),
    analytics: effectiveWish(analytics, policies[wishClasses.analytics]),
  }
  return inOrder(PreferencesView, { ...preferences, effectiveRetention })
}
