import { z } from 'zod'
import { PersonForecast } from '../model/retention-view.ts'
import { SourcePriority } from '../model/source.ts'
import { Id, Instant } from '../model/text.ts'
import { AccountForm, PreferencesForm, PreferencesView, UserForm, UserPatch, UserView } from '../model/user-forms.ts'
import type { Api } from './endpoint.ts'
import { ErasureTicket } from './erasures.ts'
import { pageOf, pageQuery } from './listing.ts'

/** 10,000 notes of one kind, and more than the store holds of one person. */
const PERSON_BYTES = 4 * 1024 * 1024
const SMALL_BYTES = 64 * 1024

const examplePerson = {
  profile: { email: 'ada@example.org', displayName: 'Ada', dateOfBirth: '1990-01-15', timezone: 'Europe/Berlin' },
  healthProfile: { height: 175.5, weight: 70.2 },
}

/** Ids and times: who is there, and nothing of what they are. */
export const ListedUser = z.object({ userId: Id, createdAt: Instant, updatedAt: Instant })

export const usersApi = {
  createUser: {
    method: 'post',
    path: '/v1/users',
    summary: 'Make a person; the answer is the same where the e-mail address is somebody’s already',
    scope: 'users:create',
    audit: 'write',
    body: { type: 'json', schema: AccountForm, maxBytes: PERSON_BYTES },
    reply: { type: 'json', status: 202, schema: z.object({ userId: Id }) },
    problems: ['invalid', 'conflict', 'age_restricted'],
    examples: { body: { userId: 'ada', ...examplePerson }, reply: { userId: 'ada' } },
  },
  listUsers: {
    method: 'get',
    path: '/v1/users',
    summary: 'Who is there, by id',
    scope: 'users:list',
    audit: 'admin',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(ListedUser) },
    problems: ['bad_cursor'],
  },
  getUser: {
    method: 'get',
    path: '/v1/users/{userId}',
    summary: 'Read a person’s profile',
    scope: 'profile:read',
    grant: { resource: 'profile', access: 'read' },
    audit: 'read',
    reply: { type: 'json', status: 200, schema: UserView },
    problems: [],
    versioned: 'read',
  },
  putUser: {
    method: 'put',
    path: '/v1/users/{userId}',
    summary: 'Replace a person’s profile',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: UserForm, maxBytes: PERSON_BYTES },
    reply: { type: 'json', status: 200, schema: UserView },
    problems: ['invalid', 'conflict', 'age_restricted'],
    versioned: 'must',
    examples: { body: examplePerson },
  },
  patchUser: {
    method: 'patch',
    path: '/v1/users/{userId}',
    summary: 'Change some of a person’s profile (JSON merge patch)',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: UserPatch, maxBytes: PERSON_BYTES },
    reply: { type: 'json', status: 200, schema: UserView },
    problems: ['invalid', 'conflict', 'age_restricted'],
    versioned: 'may',
    examples: { body: { healthProfile: { weight: 69.8 }, profile: { gender: null } } },
  },
  deleteUser: {
    method: 'delete',
    path: '/v1/users/{userId}',
    summary: 'Erase a person and all their data, for good: from the answer on they are not there any more; a job removes what is',
    scope: 'profile:write',
    audit: 'delete',
    reply: { type: 'json', status: 202, schema: ErasureTicket },
    problems: [],
    amongPeople: true,
  },
  getPreferences: {
    method: 'get',
    path: '/v1/users/{userId}/preferences',
    summary: 'Read what a person prefers, and how long their data are kept by it',
    scope: 'profile:read',
    grant: { resource: 'profile', access: 'read' },
    audit: 'read',
    reply: { type: 'json', status: 200, schema: PreferencesView },
    problems: [],
    versioned: 'read',
  },
  putPreferences: {
    method: 'put',
    path: '/v1/users/{userId}/preferences',
    summary: 'Replace what a person prefers',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: PreferencesForm, maxBytes: SMALL_BYTES },
    reply: { type: 'json', status: 200, schema: PreferencesView },
    problems: ['invalid'],
    versioned: 'may',
    examples: { body: { notificationSettings: { reminders: true }, dataRetention: { rawData: '1_year' } } },
  },
  getRetention: {
    method: 'get',
    path: '/v1/users/{userId}/retention',
    summary: 'Read how long a person’s data are kept, what of them is archived, and when the next of them will be or will be destroyed',
    scope: 'profile:read',
    audit: 'read',
    reply: { type: 'json', status: 200, schema: PersonForecast },
    problems: [],
  },
  getSourcePriority: {
    method: 'get',
    path: '/v1/users/{userId}/source-priority',
    summary: 'Read which source counts where several cover the same time, the best first',
    scope: 'profile:read',
    grant: { resource: 'profile', access: 'read' },
    audit: 'read',
    reply: { type: 'json', status: 200, schema: SourcePriority },
    problems: [],
    versioned: 'read',
  },
  putSourcePriority: {
    method: 'put',
    path: '/v1/users/{userId}/source-priority',
    summary: 'Say which source counts where several cover the same time; all days are made again by it',
    scope: 'profile:write',
    audit: 'write',
    body: { type: 'json', schema: SourcePriority.strict(), maxBytes: SMALL_BYTES },
    reply: { type: 'json', status: 200, schema: SourcePriority },
    problems: ['invalid'],
    versioned: 'may',
    examples: { body: { order: ['manual', 'ring', 'watch', 'id:3fa9c2'] } },
  },
} as const satisfies Api
