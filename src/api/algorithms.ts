import { z } from 'zod'
import { Algorithm } from '../model/algorithms.ts'
import type { Api } from './endpoint.ts'

export const algorithmsApi = {
  listAlgorithms: {
    method: 'get',
    path: '/v1/algorithms',
    summary: 'See how every figure is made: definition, version, source, and what it was checked with',
    scope: 'models:read',
    audit: 'none',
    reply: { type: 'json', status: 200, schema: z.object({ data: z.array(Algorithm) }) },
    problems: [],
  },
} as const satisfies Api
