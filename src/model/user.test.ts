import { expect, test } from 'vitest'
import { parseAs } from './parse.ts'
import { Problem } from './problem.ts'
import { emailKey } from './text.ts'
import { StoredUser, User, userFlags, userOn } from './user.ts'

const metadata = { createdAt: '2024-01-15T10:30:00Z', updatedAt: '2024-01-20T14:45:00Z', dataVersion: '1.2.0' }
const today = '2024-01-20'

test('22: e-mail and name are required, but not of a person whom an import created', () => {
  expect(codesOf({ profile: {} })).toEqual({ '/profile/email': 'required', '/profile/displayName': 'required' })
  expect(StoredUser.parse({ profile: { timezone: 'Europe/Berlin' }, metadata }).profile.timezone).toBe('Europe/Berlin')
})

test('23: an optional null is as good as absent', () => {
  expect(profile({ dateOfBirth: null, gender: null })).toEqual({})
  expect(health({ height: null, weight: null, activityLevel: null })).toEqual({})
})

test('33, 35: what only looks like an e-mail address is refused', () => {
  for (const email of [
    ' @ . ',
    'a@b..',
    'a@b.c\n',
    'a\0@b.c',
    '<x>@y.z',
    '"a@b"@c.d',
    'a@b',
    '@b.c',
    'a@.c',
    'a@b@c.d',
    'a..b@c.d',
    '.a@b.c',
    'a@-b.c',
    'a@b-.c',
    '',
  ])
    expect(profile({ email }), JSON.stringify(email)).toEqual({ '/profile/email': 'invalid_email' })
})

test('34: e-mail addresses have at most 254 bytes', () => {
  const domain = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(61)}`
  expect(profile({ email: `${'a'.repeat(64)}@${domain}` })).toEqual({})
  expect(profile({ email: `${'a'.repeat(64)}@${domain}d` })).toEqual({ '/profile/email': 'too_long' })
  expect(profile({ email: `${'ü'.repeat(100)}@${'例'.repeat(20)}.jp` })).toEqual({ '/profile/email': 'too_long' })
  expect(profile({ email: `a@${'.'.repeat(100_000)}@` })).toEqual({ '/profile/email': 'too_long' })
  expect(profile({ email: `${'a'.repeat(65)}@b.c` })).toEqual({ '/profile/email': 'invalid_email' })
})

test('36, 37: addresses beyond ASCII are kept in NFC, and letter case makes no other person', () => {
  const parsed = User.parse({ profile: { email: 'u\u0308ñ@例え.jp', displayName: 'A' }, metadata })
  expect(parsed.profile.email).toBe('\u00fcñ@例え.jp')
  expect(emailKey('User@Example.COM')).toBe(emailKey('user@example.com'))
})

test('38: a name has 1 to 100 code points', () => {
  expect(profile({ displayName: '' })).toEqual({ '/profile/displayName': 'out_of_range' })
  expect(profile({ displayName: 'x' })).toEqual({})
  expect(profile({ displayName: '😀'.repeat(100) })).toEqual({})
  expect(profile({ displayName: 'x'.repeat(101) })).toEqual({ '/profile/displayName': 'too_long' })
  expect(profile({ displayName: '😀'.repeat(101) })).toEqual({ '/profile/displayName': 'too_long' })
  expect(profile({ displayName: `e${'\u0301'.repeat(10_000)}` })).toEqual({ '/profile/displayName': 'too_long' })
})

test('39: a date of birth is a date of the calendar from 1900 until today', () => {
  expect(profile({ dateOfBirth: '1900-01-01' })).toEqual({})
  expect(profile({ dateOfBirth: '1899-12-31' })).toEqual({ '/profile/dateOfBirth': 'out_of_range' })
  expect(profile({ dateOfBirth: '2023-02-29' })).toEqual({ '/profile/dateOfBirth': 'invalid_date' })
  expect(profile({ dateOfBirth: '15/01/1990' })).toEqual({ '/profile/dateOfBirth': 'invalid_date' })
  expect(profile({ dateOfBirth: today })).toEqual({})
  expect(profile({ dateOfBirth: '2024-01-21' })).toEqual({ '/profile/dateOfBirth': 'out_of_range' })
})

test('39: an age above 120 is flagged', () => {
  expect(flags({ dateOfBirth: '1904-01-20' }, {})).toEqual([])
  expect(flags({ dateOfBirth: '1903-01-20' }, {})).toEqual(['age_over_120'])
})

test('40: a height is above 0 and at most 300 cm', () => {
  for (const height of [0, -1, 300.1, 301]) expect(health({ height }), String(height)).toEqual({ '/healthProfile/height': 'out_of_range' })
  for (const height of [0.1, 1.755, 175.5, 300]) expect(health({ height }), String(height)).toEqual({})
  expect(flags({}, { height: 1.755 })).toEqual(['unit_suspect'])
  expect(flags({}, { height: 50 })).toEqual([])
})

test('41: a weight is above 0 and at most 500 kg', () => {
  for (const weight of [0, -1, 500.1, 501]) expect(health({ weight }), String(weight)).toEqual({ '/healthProfile/weight': 'out_of_range' })
  for (const weight of [0.07, 70.2, 500]) expect(health({ weight }), String(weight)).toEqual({})
  expect(flags({}, { weight: 0.07 })).toEqual(['unit_suspect'])
  expect(flags({ dateOfBirth: '2023-12-01' }, { weight: 4, height: 49 })).toEqual([])
})

test('42, 45: words are taken as they are written in the specification', () => {
  for (const gender of ['male', 'female', 'other', 'prefer_not_to_say']) expect(profile({ gender })).toEqual({})
  expect(profile({ gender: 'Male' })).toEqual({ '/profile/gender': 'invalid_enum' })
  for (const activityLevel of ['sedentary', 'light', 'moderate', 'active', 'very_active']) expect(health({ activityLevel })).toEqual({})
  expect(health({ activityLevel: 'heavy' })).toEqual({ '/healthProfile/activityLevel': 'invalid_enum' })
  expect(profile({ preferredUnits: 'imperial' })).toEqual({})
  expect(profile({ preferredUnits: 'stone' })).toEqual({ '/profile/preferredUnits': 'invalid_enum' })
})

test('43: consent is never made from text or numbers', () => {
  for (const dataSharing of ['false', 1, 0, 'true'])
    expect(profile({ privacySettings: { dataSharing } })).toEqual({ '/profile/privacySettings/dataSharing': 'wrong_type' })
})

test('44: lists and their entries have limits', () => {
  expect(health({ medications: Array(10_000).fill('x') })).toEqual({})
  expect(health({ medications: Array(10_001).fill('x') })).toEqual({ '/healthProfile/medications': 'too_many_items' })
  expect(health({ medications: ['x'.repeat(1 << 20)] })).toEqual({ '/healthProfile/medications/0': 'too_long' })
})

test('46: a wish for retention is a whole number of years, months or days, or indefinite', () => {
  const retention = (rawData: string) =>
    codesOf({ profile: { email: 'a@b.c', displayName: 'A' }, preferences: { dataRetention: { rawData } } })
  for (const wish of ['1_year', '5_years', '10_years', '6_months', '90_days', 'indefinite']) expect(retention(wish), wish).toEqual({})
  for (const wish of ['forever', '0_years', '-1_year', '1_years', '2_year', '1.5_years', '1000_years', ''])
    expect(Object.keys(retention(wish)), wish).toEqual(['/preferences/dataRetention/rawData'])
})

test('135: the zone of a profile is brought to its own letter case', () => {
  expect(User.parse({ profile: { email: 'a@b.c', displayName: 'A', timezone: 'America/New_york' }, metadata }).profile.timezone).toBe(
    'America/New_York',
  )
  expect(profile({ timezone: 'EST' })).toEqual({ '/profile/timezone': 'invalid_timezone' })
})

function profile(fields: object) {
  return codesOf({ profile: { email: 'user@example.com', displayName: 'A', ...fields } })
}

function health(fields: object) {
  return codesOf({ profile: { email: 'user@example.com', displayName: 'A' }, healthProfile: fields })
}

function flags(profileFields: object, healthProfile: object) {
  return userFlags(StoredUser.parse({ profile: profileFields, healthProfile, metadata }), today)
}

function codesOf(user: object): Record<string, string> {
  try {
    parseAs(userOn(today), { ...user, metadata }, 'user')
    return {}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return Object.fromEntries((error.errors ?? []).map(({ pointer, code }) => [pointer, code]))
  }
}
