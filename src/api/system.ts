import { SystemConfiguration } from '../model/configuration.ts'
import { Monitoring } from '../model/monitoring.ts'
import type { Api } from './endpoint.ts'

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
} as const satisfies Api
