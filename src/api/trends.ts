import { z } from 'zod'
import { Change } from '../model/change.ts'
import { Reason } from '../model/day.ts'
import { CalendarDate } from '../model/text.ts'
import { TrendMetricWord } from '../model/trend-metrics.ts'
import { UserAnalytics } from '../model/user-analytics.ts'
import { TrendType, UserTrend } from '../model/user-trend.ts'
import { dateRange, inOrderOfTime } from './days.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

/** A page of rows; without any, why. */
function rowsOf<S extends z.ZodType>(schema: S) {
  return pageOf(schema).extend({ reasons: z.array(Reason) })
}

const BaselineReply = z.object({
  metric: TrendMetricWord,
  /** UCUM. */
  unit: z.string(),
  /** Dates without the figure are left out. */
  data: z.array(
    z.object({
      date: CalendarDate,
      value: z.number(),
      /** Of the 28 dates before; absent while fewer than 7 of them have the figure. */
      usual: z.object({ median: z.number(), low: z.number(), high: z.number(), n: z.int() }).optional(),
    }),
  ),
})

export const trendsApi = {
  listTrends: {
    method: 'get',
    path: '/v1/users/{userId}/trends',
    summary:
      'Read where figures are going over weeks, months or quarters, by the first date of the period, and which went to another level',
    scope: 'insights:read',
    grant: { resource: 'trends', access: 'read' },
    audit: 'read',
    query: z.object({ type: TrendType, ...dateRange, ...pageQuery }).refine(inOrderOfTime, { path: ['from'], error: 'From is after to' }),
    reply: { type: 'json', status: 200, schema: rowsOf(UserTrend).extend({ changes: z.array(Change) }) },
    problems: ['bad_cursor'],
  },
  getBaseline: {
    method: 'get',
    path: '/v1/users/{userId}/baseline',
    summary: 'Read one figure by date, each beside what was usual for the person on the 28 dates before it',
    scope: 'insights:read',
    grant: { resource: 'trends', access: 'read' },
    audit: 'read',
    query: z.object({ metric: TrendMetricWord, ...dateRange }).refine(inOrderOfTime, { path: ['from'], error: 'From is after to' }),
    reply: { type: 'json', status: 200, schema: BaselineReply },
    problems: [],
  },
  listAnalytics: {
    method: 'get',
    path: '/v1/users/{userId}/analytics',
    summary: 'Read days as the rows of figures that SQL sees, by date',
    scope: 'insights:read',
    grant: { resource: 'trends', access: 'read' },
    audit: 'read',
    query: z.object({ ...dateRange, ...pageQuery }).refine(inOrderOfTime, { path: ['from'], error: 'From is after to' }),
    reply: { type: 'json', status: 200, schema: rowsOf(UserAnalytics) },
    problems: ['bad_cursor'],
  },
} as const satisfies Api
