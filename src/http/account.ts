import type { AuditClass, Endpoint } from '../api/endpoint.ts'
import type { LinesReceipt } from '../api/sessions.ts'
import { openLedger, personIn } from '../flows/audit-ledger.ts'
import type { AuditDeps, Doer, Doing } from '../flows/audit-note.ts'
import type { AuditAction, AuditCounts } from '../model/audit.ts'
import type { Principal } from '../model/principal.ts'
import { Problem, type ProblemCode } from '../model/problem.ts'
import type { Documents } from '../ports/documents.ts'
import type { Answer } from './call.ts'
import { coarseAddress } from './coarse-address.ts'

/** A call, as the audit log is to know it. */
export interface Asking {
  readonly endpoint: Endpoint
  /** Of the address, as they stand there. */
  readonly params: Readonly<Record<string, string>>
  readonly requestId: string
  readonly address: string
  readonly client: string | undefined
}

/** Keeps account of calls. No entry, no access: what throws here is the call's answer. */
export interface Account<D> {
  /** A call that was let in: what to do it with, and what to wait for before it is answered. */
  begin(asking: Asking, principal: Principal, deps: D): Accounted<D>
  /** One that was not. */
  refuse(asking: Asking, principal: Principal | undefined, error: Problem): Promise<void>
}

export interface Accounted<D> {
  readonly deps: D
  answered(answer: Answer<Endpoint>): Promise<void>
  failed(error: unknown): Promise<void>
}

/** Account in the audit log of every call that is of an audited class, and of every refusal. */
export function keepAccount<D extends { readonly documents: Documents }>(deps: AuditDeps): Account<D> {
  return {
    begin(asking, principal, given) {
      if (asking.endpoint.audit === 'none') return unaccounted(given)
      const { over, settle } = openLedger(deps, given.documents, doingOf(asking, principal))
      return {
        deps: { ...given, documents: over(given.documents) },
        answered: ({ body }) => settle({ outcome: 'allow', count: countIn(body), counts: countsIn(body), userId: personIn(body) }),
        failed: (error) => settle(failureOf(error)),
      }
    },
    async refuse(asking, principal, { code }) {
      await openLedger(deps, deps.documents, doingOf(asking, principal)).settle({ outcome: 'deny', code })
    },
  }
}

function unaccounted<D>(deps: D): Accounted<D> {
  return { deps, answered: async () => undefined, failed: async () => undefined }
}

const denials: readonly ProblemCode[] = ['forbidden', 'unauthorized', 'token_expired', 'erased']

function failureOf(error: unknown) {
  const code = error instanceof Problem ? error.code : undefined
  return { outcome: code !== undefined && denials.includes(code) ? 'deny' : 'error', code: code ?? 'internal' } as const
}

function doingOf({ endpoint, params, requestId, address, client }: Asking, principal: Principal | undefined): Doing {
  const { type, id } = resourceOf(endpoint, params)
  const own = principal !== undefined && 'userId' in principal ? principal.userId : undefined
  return {
    doer: doerOf(principal),
    action: actionOf(endpoint),
    resource: { type, id },
    userId: params.userId ?? own,
    dataClasses: endpoint.grant && [endpoint.grant.resource],
    requestId,
    ip: coarseAddress(address),
    client,
  }
}

function doerOf(principal: Principal | undefined): Doer {
  if (principal === undefined) return { type: 'anonymous' }
  const { credential } = principal
  return 'userId' in principal ? { type: principal.kind, userId: principal.userId, credential } : { type: principal.kind, credential }
}

const byMethod = { get: 'R', post: 'C', put: 'U', patch: 'U', delete: 'D' } as const

function actionOf({ audit, method }: Pick<Endpoint, 'audit' | 'method'>): AuditAction {
  return audit === 'none' ? byMethod[method] : (byClass[audit] ?? byMethod[method])
}

/** Absent: as the method says. */
const byClass: { readonly [Class in Exclude<AuditClass, 'none'>]?: AuditAction } = {
  read: 'R',
  delete: 'D',
  export: 'export',
  admin: 'admin',
  grant: 'grant',
  consent: 'consent',
  login: 'login',
}

/** `/v1/users/{userId}/sessions/{sessionId}` is the one of its `sessionId` among `users/sessions`. */
function resourceOf({ path }: Endpoint, params: Readonly<Record<string, string>>): { type: string; id: string | undefined } {
  const parts = path.split('/').slice(2)
  const names = parts.filter((part) => part.startsWith('{') && part !== '{userId}')
  return { type: parts.filter((part) => !part.startsWith('{')).join('/'), id: params[names.at(-1)?.slice(1, -1) ?? ''] }
}

function countIn(body: unknown): number | undefined {
  return typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data) ? body.data.length : undefined
}

/** Of a body of many lines. One session says it by being there. */
function countsIn(body: unknown): AuditCounts | undefined {
  const lines = typeof body === 'object' && body !== null && 'lines' in body ? (body.lines as LinesReceipt['lines']) : undefined
  return lines && { received: lines.received, kept: lines.kept }
}
