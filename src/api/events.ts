import { z } from 'zod'
import { EventType, eventTypes } from '../model/event.ts'
import type { Api } from './endpoint.ts'

/** `session,day`: some of the types, separated by commas. */
const Types = z
  .string()
  .transform((said) => said.split(','))
  .pipe(z.array(EventType).min(1).max(eventTypes.length))
  .meta({ description: `Only these, separated by commas: ${eventTypes.join(', ')}.` })

export const eventsApi = {
  followEvents: {
    method: 'get',
    path: '/v1/users/{userId}/events',
    summary:
      'Follow what becomes of a person’s sessions, days, insights, trends, imports and jobs: server-sent events `TYPE.ACTION` with ids and names of changed fields. `Last-Event-ID` resumes within 7 days; the first event is `ready`, or `reset` where older ones are gone.',
    scope: 'events:read',
    grant: { resource: 'days', access: 'read' },
    audit: 'read',
    query: z.object({ types: Types.optional() }),
    reply: { type: 'events', status: 200 },
    problems: ['bad_header'],
  },
} as const satisfies Api
