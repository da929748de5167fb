import { z } from 'zod'
import { Cohort, Peers, Trait } from '../model/cohort.ts'
import { PeriodWord } from '../model/period-word.ts'
import { TrendMetricWord } from '../model/trend-metrics.ts'
import type { Api } from './endpoint.ts'

const period = PeriodWord.meta({ description: 'A whole period that is over: `2024`, `2024-Q1`, `2024-03` or the ISO week `2024-W05`.' })

const by = z
  .string()
  .max(100)
  .transform((text) => text.split(','))
  .pipe(z.array(Trait).refine((traits) => new Set(traits).size === traits.length))
  .optional()
  .meta({ description: 'What people are told apart by: `ageBand`, `sex`, `activityLevel`, with commas between.', type: 'string' })

const epsilon = z.coerce.number().min(0.01).max(1).optional().meta({
  description: 'Adds discrete Laplace noise for ε-differential privacy, and takes ε from the budget of the calendar year, which is 4.',
})

export const cohortApi = {
  getCohort: {
    method: 'get',
    path: '/v1/analytics/cohort',
    summary: 'Read means and percentiles over people who consented, in cells of eleven and more',
    scope: 'research:read',
    audit: 'read',
    query: z.object({ metric: TrendMetricWord, period, by, epsilon }),
    reply: { type: 'json', status: 200, schema: Cohort },
    problems: ['budget_spent'],
  },
  getPeers: {
    method: 'get',
    path: '/v1/users/{userId}/peers',
    summary: 'Read where a person stands among others of the same age band and sex who consented, if these are eleven or more',
    scope: 'insights:read',
    audit: 'read',
    query: z.object({ metric: TrendMetricWord, period }),
    reply: { type: 'json', status: 200, schema: Peers },
    problems: [],
    amongPeople: true,
  },
} as const satisfies Api
