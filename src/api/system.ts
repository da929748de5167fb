import { z } from 'zod'
import { LegalHold } from '../model/archive.ts'
import { SystemConfiguration } from '../model/configuration.ts'
import { Monitoring } from '../model/monitoring.ts'
import { LifecycleForecast, LifecycleOrder, LifecycleStatus } from '../model/retention-view.ts'
import { text } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { JobTicket } from './job-ticket.ts'
import { pageOf, pageQuery } from './listing.ts'

const BYTES = 16 * 1024

export const systemApi = {
  getConfiguration: {
    method: 'get',
    path: '/v1/system/configuration',
    summary: 'Read what the operator decided for everybody',
    scope: 'system:read',
    audit: 'none',
    reply: { type: 'json', status: 200, schema: SystemConfiguration },
    problems: [],
    versioned: 'read',
  },
  putConfiguration: {
    method: 'put',
    path: '/v1/system/configuration',
    summary: 'Decide for everybody, at once; what is left out goes back to its default',
    scope: 'system:write',
    audit: 'admin',
    body: { type: 'json', schema: SystemConfiguration.strict(), maxBytes: BYTES },
    reply: { type: 'json', status: 200, schema: SystemConfiguration },
    problems: ['invalid'],
    versioned: 'may',
    examples: { body: { validation: 'strict', consentDefaults: 'none', minimumAge: 16 } },
  },
  getMonitoring: {
    method: 'get',
    path: '/v1/system/monitoring',
    summary: 'See how the system is: versions, kinds of store, and counts',
    scope: 'system:read',
    audit: 'none',
    reply: { type: 'json', status: 200, schema: Monitoring },
    problems: [],
  },
  getLifecycle: {
    method: 'get',
    path: '/v1/system/lifecycle',
    summary: 'See when old data were last archived and destroyed',
    scope: 'system:read',
    audit: 'none',
    reply: { type: 'json', status: 200, schema: LifecycleStatus },
    problems: [],
  },
  runLifecycle: {
    method: 'post',
    path: '/v1/system/lifecycle',
    summary: 'Archive and destroy what is old enough, as a job; with dryRun, say what would happen to whom and when',
    scope: 'system:write',
    audit: 'admin',
    body: { type: 'json', schema: LifecycleOrder, maxBytes: BYTES },
    reply: { type: 'json', status: 202, schema: z.union([JobTicket, LifecycleForecast]) },
    problems: ['invalid', 'bad_cursor'],
    examples: { body: { dryRun: true } },
  },
  listLegalHolds: {
    method: 'get',
    path: '/v1/system/legal-holds',
    summary: 'See on whom a legal hold stands',
    scope: 'system:read',
    audit: 'admin',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(LegalHold) },
    problems: ['bad_cursor'],
  },
  placeLegalHold: {
    method: 'put',
    path: '/v1/system/legal-holds/{personId}',
    summary: 'Place a legal hold: nothing of the person is archived away or destroyed while it stands',
    scope: 'system:write',
    audit: 'admin',
    body: { type: 'json', schema: z.strictObject({ reason: text(1, 1000) }), maxBytes: BYTES },
    reply: { type: 'json', status: 200, schema: LegalHold },
    problems: ['invalid'],
    examples: { body: { reason: 'Case 2026-17 of the district court' } },
  },
  releaseLegalHold: {
    method: 'delete',
    path: '/v1/system/legal-holds/{personId}',
    summary: 'Release a legal hold: what is due goes with the next run',
    scope: 'system:write',
    audit: 'admin',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
} as const satisfies Api
