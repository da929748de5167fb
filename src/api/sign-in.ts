import { z } from 'zod'
import { Instant } from '../model/text.ts'
import type { Api } from './endpoint.ts'

export const signInApi = {
  signIn: {
    method: 'post',
    path: '/v1/sign-in',
    summary: 'A key of twelve hours for the link that the server printed, once',
    scope: 'sign-in:use',
    audit: 'login',
    tellsSecret: true,
    reply: { type: 'json', status: 201, schema: z.object({ key: z.string(), expiresAt: Instant }) },
    problems: ['unauthorized'],
  },
} as const satisfies Api
