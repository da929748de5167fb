import type { Grant } from '../model/access.ts'
import type { Access, AuditAction, AuditEntry, AuditOutcome } from '../model/audit.ts'
import type { Documents, ListQuery, Page, Stored } from '../ports/documents.ts'
import type { AuditDeps } from './audit-note.ts'
import { all } from './every.ts'

export type FindAuditDeps = Pick<AuditDeps, 'documents' | 'auditKeyOf' | 'hmacOf'>

/** Which entries. Times are UTC to the microsecond, `to` exclusive. */
export interface AuditFilter {
  /** A pseudonym. */
  readonly subject?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly action?: AuditAction | undefined
  readonly outcome?: AuditOutcome | undefined
  readonly actorType?: string | undefined
  /** A person's pseudonym, or the id of a key. */
  readonly actor?: string | undefined
  readonly requestId?: string | undefined
}

const MOST_PAGES = 20

/** Sealed entries, the newest first: at most `limit`, and fewer where many had to be passed by, with a cursor to go on from. */
export async function findAudit(
  { documents }: { readonly documents: Documents },
  filter: AuditFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<AuditEntry>> {
  const { subject, from, to } = filter
  const query: ListQuery = {
    collection: 'auditLogs',
    ...(subject === undefined ? { index: 'at' } : { index: 'subject', equals: [subject] }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    limit,
  }
  let next = cursor
  for (let pages = 1; ; pages += 1) {
    const page = await documents.list<AuditEntry>({ ...query, ...(next !== undefined && { cursor: next }) })
    const data = page.data.filter(({ body }) => isWanted(body, filter))
    next = page.nextCursor
    if (data.length > 0 || next === undefined || pages === MOST_PAGES) return { data, ...(next !== undefined && { nextCursor: next }) }
  }
}

function isWanted({ action, outcome, actor, requestId }: AuditEntry, wanted: AuditFilter): boolean {
  return (
    (wanted.action ?? action) === action &&
    (wanted.outcome ?? outcome) === outcome &&
    (wanted.actorType ?? actor.type) === actor.type &&
    (wanted.requestId ?? requestId) === requestId &&
    (wanted.actor === undefined || [actor.id, actor.keyId].includes(wanted.actor))
  )
}

/** Undefined for whom nobody knows, and for who was erased. */
export async function pseudonymOf(
  { auditKeyOf, hmacOf }: Pick<FindAuditDeps, 'auditKeyOf' | 'hmacOf'>,
  userId: string,
): Promise<string | undefined> {
  const key = await auditKeyOf(userId)
  return key && hmacOf(key, userId)
}

/** Who read or changed what of a person: entries about them, the newest first. */
export async function findAccess(
  deps: FindAuditDeps,
  userId: string,
  times: Pick<AuditFilter, 'from' | 'to'>,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly data: readonly Access[]; readonly nextCursor?: string }> {
  const subject = await pseudonymOf(deps, userId)
  if (subject === undefined) return { data: [] }
  const known = await knownTo(deps, userId)
  const { data, ...next } = await findAudit(deps, { ...times, subject }, page)
  return { data: data.map(({ body }) => accessOf(body, known)), ...next }
}

/** What is told of an entry to the person whom it is about. */
function accessOf(
  { seq, at, actor, action, purpose, resource, count, counts, outcome, code, requestId }: AuditEntry,
  known: ReadonlyMap<string, string>,
): Access {
  const userId = known.get(actor.id ?? '')
  const isPerson = actor.type === 'person' || actor.type === 'device'
  const who = { type: actor.type, ...(userId !== undefined && { userId }), ...(!isPerson && actor.keyId && { keyId: actor.keyId }) }
  return {
    seq,
    at,
    who,
    action,
    what: resource.type,
    outcome,
    ...(purpose && { purpose }),
    ...(count !== undefined && { count }),
    ...(counts && { counts }),
    ...(code && { code }),
    ...(requestId && { requestId }),
  }
}

/** Whom a person's log may name: themselves, and whoever they ever gave a permission, by pseudonym. */
async function knownTo(deps: FindAuditDeps, userId: string): Promise<ReadonlyMap<string, string>> {
  const grants = await all<Grant>(deps.documents, { collection: 'permissions', parent: `users/${userId}` })
  const people = new Set([userId, ...grants.map(({ body }: Stored<Grant>) => body.granteeId)])
  const named = await Promise.all([...people].map(async (person) => [await pseudonymOf(deps, person), person] as const))
  return new Map(named.filter((pair): pair is readonly [string, string] => pair[0] !== undefined))
}
