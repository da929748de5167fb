import { z } from 'zod'
import { ApiKey } from '../model/api-key.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const { kind, userId, scopes } = ApiKey.shape

/** A key as it is shown: without the hash of its secret. */
export const ShownKey = ApiKey.omit({ secretSha256: true })

/** Without `scopes` all that the kind may have; without `expiresInDays` until it is revoked. */
export const WantedKey = z.strictObject({ kind, userId, scopes: scopes.optional(), expiresInDays: z.int().min(1).max(9999).optional() })

export const keysApi = {
  listKeys: {
    method: 'get',
    path: '/v1/keys',
    summary: 'Which API keys there are, those that were revoked included',
    scope: 'system:read',
    audit: 'admin',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(ShownKey) },
    problems: ['bad_cursor'],
  },
  createKey: {
    method: 'post',
    path: '/v1/keys',
    summary:
      'Make an API key, with no scope that the caller has not; `key` is shown here only, and anew to the same Idempotency-Key until it is used',
    scope: 'system:write',
    audit: 'admin',
    body: { type: 'json', schema: WantedKey, maxBytes: 4 * 1024 },
    tellsSecret: true,
    reply: { type: 'json', status: 201, schema: ShownKey.extend({ key: z.string() }) },
    problems: ['invalid', 'forbidden', 'not_found'],
    examples: { body: { kind: 'operator', scopes: ['system:read', 'jobs:read'], expiresInDays: 90 } },
  },
  revokeKey: {
    method: 'delete',
    path: '/v1/keys/{keyId}',
    summary: 'End an API key: every process refuses it within a second',
    scope: 'system:write',
    audit: 'admin',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
} as const satisfies Api
