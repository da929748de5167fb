import { z } from 'zod'
import { Day } from '../model/day.ts'
import { CalendarDate, Instant } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { archived, pageOf, pageQuery } from './listing.ts'

/** Both included. */
export const dateRange = {
  from: CalendarDate.optional().meta({ description: 'The first date, included.', format: 'date' }),
  to: CalendarDate.optional().meta({ description: 'The last date, included.', format: 'date' }),
}

export const asOf = Instant.optional().meta({
  description: 'What was said at that time: earlier revisions stay readable.',
  format: 'date-time',
})

/** A check for queries with `dateRange`. */
export function inOrderOfTime({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean {
  return from === undefined || to === undefined || from <= to
}

export const daysApi = {
  listDays: {
    method: 'get',
    path: '/v1/users/{userId}/days',
    summary: 'Read merged days, the oldest first: totals, night, heart, coverage, and who measured what',
    scope: 'insights:read',
    grant: { resource: 'days', access: 'read' },
    audit: 'read',
    query: z.object({ ...dateRange, asOf, archived, ...pageQuery }).refine(inOrderOfTime, { path: ['from'], error: 'From is after to' }),
    reply: { type: 'json', status: 200, schema: pageOf(Day) },
    problems: ['bad_cursor'],
  },
  getDay: {
    method: 'get',
    path: '/v1/users/{userId}/days/{date}',
    summary: 'Read one merged day; what has not enough data is absent and explained in reasons',
    scope: 'insights:read',
    grant: { resource: 'days', access: 'read' },
    audit: 'read',
    query: z.object({ asOf }),
    reply: { type: 'json', status: 200, schema: Day },
    problems: [],
    versioned: 'read',
  },
} as const satisfies Api
