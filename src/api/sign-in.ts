import { z } from 'zod'
import { principalKinds, scopes } from '../model/principal.ts'
import { Id, Instant } from '../model/text.ts'
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
  signInBrowser: {
    method: 'post',
    path: '/v1/sign-in/browser',
    summary: 'The same for a browser: the key becomes a cookie that scripts cannot read and that counts for calls of the dashboard only',
    scope: 'sign-in:use',
    audit: 'admin',
    tellsSecret: true,
    reply: { type: 'json', status: 201, schema: z.object({ expiresAt: Instant }) },
    problems: ['unauthorized'],
  },
  getBrowserSession: {
    method: 'get',
    path: '/v1/sign-in/browser',
    summary: 'Who asks and what they may do, so that a page offers nothing else',
    scope: 'profile:read',
    audit: 'none',
    reply: {
      type: 'json',
      status: 200,
      schema: z.object({ kind: z.enum(principalKinds), userId: Id.optional(), scopes: z.array(z.enum(scopes)) }),
    },
    problems: [],
  },
  signOutBrowser: {
    method: 'delete',
    path: '/v1/sign-in/browser',
    summary: 'End the session of a browser: its key is revoked and its cookie taken away',
    scope: 'profile:read',
    audit: 'admin',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
} as const satisfies Api
