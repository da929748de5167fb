import { z } from 'zod'
import { Access, AuditAction, AuditEntry, AuditOutcome } from '../model/audit.ts'
import { Id, Instant } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const times = {
  from: Instant.optional().meta({ description: 'From this instant on.' }),
  to: Instant.optional().meta({ description: 'Before this instant.' }),
}
const word = z.string().min(1).max(200).optional()

export const auditApi = {
  listAuditLogs: {
    method: 'get',
    path: '/v1/system/audit-logs',
    summary: 'Read the sealed audit log, the newest entry first; a page may be short where a filter passes many by',
    scope: 'audit:read',
    audit: 'read',
    query: z.object({
      ...pageQuery,
      ...times,
      userId: Id.optional().meta({ description: 'Whose data, while their keys are there.' }),
      subject: word.meta({ description: 'The same by pseudonym.' }),
      action: AuditAction.optional(),
      outcome: AuditOutcome.optional(),
      actorType: word.meta({ description: 'Such as `person`, `service`, `system`.' }),
      actor: word.meta({ description: 'A pseudonym, or the id of a key.' }),
      requestId: word,
    }),
    reply: { type: 'json', status: 200, schema: pageOf(AuditEntry) },
    problems: ['bad_cursor'],
  },
  listAccess: {
    method: 'get',
    path: '/v1/users/{userId}/access-log',
    summary: 'See who read or changed what of this person, and when; the newest first',
    scope: 'profile:read',
    audit: 'read',
    query: z.object({ ...pageQuery, ...times }),
    reply: { type: 'json', status: 200, schema: pageOf(Access) },
    problems: ['bad_cursor'],
    // The log is no person's, and holds their pseudonyms only.
    amongPeople: true,
  },
} as const satisfies Api
