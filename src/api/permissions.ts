import { z } from 'zod'
import { Grant } from '../model/access.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const { granteeId, access, until, metrics, resources } = Grant.shape

/** Without `resources` all that can be granted; without `metrics` all of them. */
export const WantedGrant = z.strictObject({
  granteeId,
  metrics: metrics.unwrap().min(1).optional(),
  resources: resources.unwrap().min(1).optional(),
  access,
  until,
})

export const permissionsApi = {
  listPermissions: {
    method: 'get',
    path: '/v1/users/{userId}/permissions',
    summary: 'Who may see or change what of this person, those that were revoked included',
    scope: 'profile:read',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(Grant) },
    problems: ['bad_cursor'],
  },
  grantPermission: {
    method: 'post',
    path: '/v1/users/{userId}/permissions',
    summary: 'Let another person see or change something, until they are told otherwise',
    scope: 'profile:write',
    audit: 'grant',
    body: { type: 'json', schema: WantedGrant, maxBytes: 16 * 1024 },
    reply: { type: 'json', status: 201, schema: Grant },
    problems: ['invalid', 'forbidden'],
    examples: { body: { granteeId: 'her-mother', resources: ['days', 'insights'], access: 'read', until: '2027-01-01T00:00:00Z' } },
  },
  revokePermission: {
    method: 'delete',
    path: '/v1/users/{userId}/permissions/{grantId}',
    summary: 'End a permission at once',
    scope: 'profile:write',
    audit: 'grant',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
} as const satisfies Api
