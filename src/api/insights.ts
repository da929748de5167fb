import { z } from 'zod'
import { StoredInsight } from '../model/insight.ts'
import { text } from '../model/text.ts'
import { asOf, dateRange, inOrderOfTime } from './days.ts'
import type { Api } from './endpoint.ts'
import { JobTicket } from './job-ticket.ts'
import { archived, pageOf, pageQuery } from './listing.ts'

const type = text(1, 100).optional().meta({ description: 'Only insights of this type, such as daily_summary.' })

export const insightsApi = {
  listInsights: {
    method: 'get',
    path: '/v1/users/{userId}/insights',
    summary: 'Read insights, the newest first, each sentence with its evidence',
    scope: 'insights:read',
    grant: { resource: 'insights', access: 'read' },
    audit: 'read',
    query: z
      .object({ type, ...dateRange, asOf, archived, ...pageQuery })
      .refine(inOrderOfTime, { path: ['from'], error: 'From is after to' }),
    reply: { type: 'json', status: 200, schema: pageOf(StoredInsight) },
    problems: ['bad_cursor'],
  },
  getInsight: {
    method: 'get',
    path: '/v1/users/{userId}/insights/{type}/{date}',
    summary: 'Read one insight; its type is daily, or daily_summary',
    scope: 'insights:read',
    grant: { resource: 'insights', access: 'read' },
    audit: 'read',
    query: z.object({ asOf }),
    reply: { type: 'json', status: 200, schema: StoredInsight },
    problems: [],
    versioned: 'read',
  },
  remakeInsight: {
    method: 'post',
    path: '/v1/users/{userId}/insights/{type}/{date}',
    summary: 'Make the insight of a date again from what is there now',
    scope: 'insights:write',
    audit: 'write',
    reply: { type: 'json', status: 202, schema: JobTicket },
    problems: [],
  },
} as const satisfies Api
