import type { auditApi } from '../../api/audit.ts'
import { type FindAuditDeps, findAccess, findAudit, pseudonymOf } from '../../flows/find-audit.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { AuditEntry } from '../../model/audit.ts'
import { inOrder } from '../../model/in-order.ts'
import { Problem } from '../../model/problem.ts'
import { formatInstant, parseInstant } from '../../model/time.ts'
import type { Handlers } from '../call.ts'
import { badCursor, type ListCall, nextOf, openCursor } from '../list-page.ts'

export const auditHandlers: Handlers<typeof auditApi, FindAuditDeps> = {
  async listAuditLogs(deps, call) {
    const { userId, from, to, limit: _, cursor: __, ...query } = call.query
    const subject = userId === undefined ? query.subject : await pseudonymOf(deps, userId)
    // Of whom there is no key nothing can be found, nor of two people at once.
    if (userId !== undefined && (subject === undefined || (query.subject ?? subject) !== subject)) return { body: { data: [] } }
    const { data, ...next } = await pageFor(call, (cursor) =>
      findAudit(deps, { ...query, subject, from: utc(from), to: utc(to) }, { limit: call.query.limit, cursor }),
    )
    return { body: { data: data.map(({ body }) => inOrder(AuditEntry, body)), ...next } }
  },
  async listAccess(deps, call) {
    const { userId } = call.params
    const { from, to, limit } = call.query
    await requireUser(deps, userId)
    const { data, ...next } = await pageFor(call, (cursor) => findAccess(deps, userId, { from: utc(from), to: utc(to) }, { limit, cursor }))
    return { body: { data: [...data], ...next } }
  },
}

async function pageFor<T>(
  call: ListCall,
  find: (cursor: string | undefined) => Promise<{ readonly data: readonly T[]; readonly nextCursor?: string }>,
) {
  const cursor = openCursor('auditLogs', call)
  try {
    const { data, nextCursor } = await find(cursor)
    return { data, ...nextOf('auditLogs', call, nextCursor) }
  } catch (error) {
    if (cursor !== undefined && error instanceof Problem && error.code === 'invalid') throw badCursor(error)
    throw error
  }
}

/** As times stand in entries. */
function utc(instant: string | undefined): string | undefined {
  if (instant === undefined) return undefined
  const parsed = parseInstant(instant)
  return parsed.ok ? formatInstant(parsed.epochMs, parsed.micros) : undefined
}
