import { z } from 'zod'
import { ImportView } from '../model/import.ts'
import { Zone } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const MOST_BYTES = 10_000_000_000

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
    }),
    body: { type: 'file', maxBytes: MOST_BYTES },
    reply: { type: 'json', status: 202, schema: ImportView },
    problems: ['not_found', 'empty_body', 'not_a_zip', 'archive_corrupt', 'bad_header'],
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
