import { z } from 'zod'
import { ImportView } from '../model/import.ts'
import { Id, Zone } from '../model/text.ts'
import { MOST_UPLOAD_BYTES } from '../model/upload.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

export const SyntheticForm = z.strictObject({
  userId: Id,
  days: z.int().min(1).max(3660).default(90),
  /** The same number makes the same person. */
  seed: z.int().min(1).max(1_000_000).default(1),
})

export const importsApi = {
  startImport: {
    method: 'post',
    path: '/v1/users/{userId}/imports',
    summary: 'Import a file: it is the body, as the app exported it; a job does the rest',
    scope: 'sessions:write',
    audit: 'write',
    query: z.object({
      dryRun: z.enum(['true', 'false']).optional().meta({ description: '`true`: read and judge everything, keep nothing.' }),
      zone: Zone.optional().meta({ description: 'IANA zone in which the person lives; becomes the profile’s.' }),
      newPerson: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true`: make the person if nobody has this id; for credentials that may make people.' }),
    }),
    body: { type: 'file', maxBytes: MOST_UPLOAD_BYTES },
    reply: { type: 'json', status: 202, schema: ImportView },
    problems: ['not_found', 'forbidden', 'empty_body', 'not_a_zip', 'archive_corrupt', 'bad_header'],
  },
  makeSynthetic: {
    method: 'post',
    path: '/v1/synthetic-people',
    summary: 'Make a person who does not exist, with days of watch and phone up to yesterday, to try things out on',
    scope: 'users:create',
    audit: 'write',
    body: { type: 'json', schema: SyntheticForm, maxBytes: 4096 },
    reply: { type: 'json', status: 202, schema: ImportView },
    problems: ['invalid', 'conflict'],
    examples: { body: { userId: 'robin', days: 90 } },
  },
  listImports: {
    method: 'get',
    path: '/v1/users/{userId}/imports',
    summary: 'List a person’s imports, oldest first',
    scope: 'sessions:read',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(ImportView) },
    problems: ['not_found'],
  },
  getImport: {
    method: 'get',
    path: '/v1/users/{userId}/imports/{importId}',
    summary: 'Read an import: how far it is, and the report when it is done',
    scope: 'sessions:read',
    audit: 'read',
    reply: { type: 'json', status: 200, schema: ImportView },
    problems: ['not_found'],
  },
} as const satisfies Api
