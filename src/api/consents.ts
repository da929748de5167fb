import { z } from 'zod'
import { ConsentReceipt } from '../model/access.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const { purpose, given, textVersion } = ConsentReceipt.shape

export const consentsApi = {
  listConsents: {
    method: 'get',
    path: '/v1/users/{userId}/consents',
    summary: 'What this person agreed to and withdrew, the newest first',
    scope: 'profile:read',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(ConsentReceipt) },
    problems: ['bad_cursor'],
  },
  giveConsent: {
    method: 'post',
    path: '/v1/users/{userId}/consents',
    summary: 'Give or withdraw a consent: a receipt is kept, and the flag of the profile follows it',
    scope: 'profile:write',
    audit: 'consent',
    body: { type: 'json', schema: z.strictObject({ purpose, given, textVersion }), maxBytes: 4 * 1024 },
    reply: { type: 'json', status: 201, schema: ConsentReceipt },
    problems: ['invalid'],
    examples: { body: { purpose: 'dataSharing', given: true, textVersion: '2026-11' } },
  },
} as const satisfies Api
