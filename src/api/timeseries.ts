import { z } from 'zod'
import { metricNames } from '../model/metrics.ts'
import { seriesMetrics } from '../model/series.ts'
import { Instant, text } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { flag } from './listing.ts'

export const TimeseriesReply = z.object({
  metric: z.enum(metricNames),
  /** UCUM. */
  unit: z.string(),
  kind: z.enum(['cumulative', 'discrete', 'category']),
  resolution: z.enum(['raw', '1min', '5min', '15min', '1hour', '1day']),
  /** Spans without samples are left out. */
  data: z.array(
    z.object({
      startTime: z.string(),
      endTime: z.string().optional(),
      /** The sample, the total of the span, or the mean of its readings. */
      value: z.number(),
      min: z.number().optional(),
      max: z.number().optional(),
      count: z.int().optional(),
      sources: z.array(z.string()),
    }),
  ),
})

export const timeseriesApi = {
  getTimeseries: {
    method: 'get',
    path: '/v1/users/{userId}/timeseries',
    summary: 'Read one metric over time, as it was measured or by spans of time',
    scope: 'sessions:read',
    grant: { resource: 'sessions', access: 'read' },
    audit: 'read',
    query: z
      .object({
        metric: z.enum(seriesMetrics).meta({ description: 'A metric of the table that is a number over time.' }),
        from: Instant.meta({ description: 'The beginning, included.', format: 'date-time' }),
        to: Instant.meta({ description: 'The end, not included.', format: 'date-time' }),
        resolution: z.enum(['raw', '1min', '5min', '15min', '1hour', '1day']).default('raw').meta({
          description: 'Samples as they are, or spans: totals of what adds up, means of the rest. Days are the person’s.',
        }),
        source: text(1, 500).optional().meta({ description: 'Id or name of the one source that is wanted.' }),
        archived: flag.meta({ description: 'Whether archived sessions count too.' }),
      })
      .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['from'], error: 'From is not before to' }),
    reply: { type: 'json', status: 200, schema: TimeseriesReply },
    problems: ['range_too_wide'],
  },
} as const satisfies Api
