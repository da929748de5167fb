import { z } from 'zod'
import type { FlagCode } from './marks.ts'
import { RetentionWish } from './retention.ts'
import { SourcePriority } from './source.ts'
import { Email, Instant, issue, name, seenOf, text, Zone } from './text.ts'
import { isCalendarDate } from './time.ts'

export const Gender = z.enum(['male', 'female', 'other', 'prefer_not_to_say'])
export const ActivityLevel = z.enum(['sedentary', 'light', 'moderate', 'active', 'very_active'])
export const PreferredUnits = z.enum(['metric', 'imperial'])

/** Consent is never coerced from text or numbers. A flag counts only once a consent receipt exists. */
export const PrivacySettings = z.object({
  dataSharing: z.boolean().default(true),
  researchParticipation: z.boolean().default(false),
  anonymousAnalytics: z.boolean().default(true),
})

/** 1900-01-01 or later; `userOn` also refuses a day that has not come yet. */
export const DateOfBirth = z
  .string()
  .superRefine((date, context) => {
    if (!isCalendarDate(date)) context.addIssue(issue('invalid_date'))
    else if (date < '1900-01-01') context.addIssue(issue('out_of_range', 'Birth year must be 1900 or later'))
  })
  .meta({ format: 'date' })

export const UserProfile = z.object({
  email: Email,
  /** Code points, not UTF-16 units: a hundred emoji fit. As it was said; `seenOf` is shown. */
  displayName: name(100),
  dateOfBirth: DateOfBirth.nullish(),
  gender: Gender.nullish(),
  timezone: Zone.default('UTC'),
  preferredUnits: PreferredUnits.default('metric'),
  privacySettings: PrivacySettings.prefault({}),
})
export type UserProfile = z.infer<typeof UserProfile>

const Notes = z.array(text(0, 1000)).max(10_000).default([])

export const HealthProfile = z.object({
  /** Centimetres. */
  height: z.number().gt(0).max(300).nullish(),
  /** Kilograms. */
  weight: z.number().gt(0).max(500).nullish(),
  activityLevel: ActivityLevel.nullish().default('moderate'),
  chronicConditions: Notes,
  medications: Notes,
  allergies: Notes,
})
export type HealthProfile = z.infer<typeof HealthProfile>

export const Preferences = z.object({
  notificationSettings: z
    .object({ insights: z.boolean().default(true), achievements: z.boolean().default(true), reminders: z.boolean().default(false) })
    .prefault({}),
  dataRetention: z
    .object({
      rawData: RetentionWish.default('indefinite'),
      insights: RetentionWish.default('indefinite'),
      analytics: RetentionWish.default('indefinite'),
    })
    .prefault({}),
})
export type Preferences = z.infer<typeof Preferences>

export const UserMetadata = z.object({
  createdAt: Instant,
  updatedAt: Instant,
  lastLoginAt: Instant.nullish(),
  dataVersion: z.string(),
})

export const User = z.object({
  profile: UserProfile,
  healthProfile: HealthProfile.prefault({}),
  preferences: Preferences.prefault({}),
  metadata: UserMetadata,
})
export type User = z.infer<typeof User>

/** A person as kept: one whom an import created on this machine has neither address nor name yet. */
export const StoredUser = User.extend({
  profile: UserProfile.partial({ email: true, displayName: true }),
  /** Absent: the default order. */
  sourcePriority: SourcePriority.optional(),
})
export type StoredUser = z.infer<typeof StoredUser>

/** `User`, born on `today` (`YYYY-MM-DD`, in the person's zone) at the latest. */
export function userOn(today: string) {
  return User.superRefine(({ profile }, context) => {
    const { dateOfBirth } = profile
    if (typeof dateOfBirth !== 'string' || !isCalendarDate(dateOfBirth) || dateOfBirth <= today) return
    context.addIssue({ ...issue('out_of_range', 'Date of birth cannot be in the future'), path: ['profile', 'dateOfBirth'] })
  })
}

/** Whole years on `today`. */
export function ageYears(dateOfBirth: string, today: string): number {
  if (today < dateOfBirth) return Temporal.PlainDate.from(dateOfBirth).until(Temporal.PlainDate.from(today), { largestUnit: 'years' }).years
  const isBefore = today.slice(5) < dateOfBirth.slice(5)
  return Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4)) - (isBefore ? 1 : 0)
}

/** What is allowed and yet improbable: metres given as centimetres, an age of 121. */
export function userFlags({ profile, healthProfile }: StoredUser, today: string): FlagCode[] {
  const flags: FlagCode[] = []
  const age = typeof profile.dateOfBirth === 'string' ? ageYears(profile.dateOfBirth, today) : undefined
  if (age !== undefined && age > 120) flags.push('age_over_120')
  const grown = age === undefined || age >= 5
  const { height, weight } = healthProfile
  if (grown && ((typeof height === 'number' && height < 50) || (typeof weight === 'number' && weight < 20))) flags.push('unit_suspect')
  const { displayName } = profile
  if (displayName !== undefined && seenOf(displayName) !== displayName) flags.push('hidden_characters')
  return flags
}
