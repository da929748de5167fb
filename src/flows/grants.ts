import type { Grant } from '../model/access.ts'
import type { MetricName } from '../model/metrics.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { mayUse } from './consents.ts'
import { all } from './every.ts'
import { requireUser } from './manage-user.ts'
import { putVersioned } from './versions.ts'

export interface GrantDeps {
  readonly documents: Documents
  readonly clock: Clock
}

export interface Granted {
  readonly resource: NonNullable<Grant['resources']>[number]
  readonly access: Grant['access']
}

/** Whether a grant of `ownerId` lets `granteeId` do this now, and the owner lets data be shared at all. */
export async function mayByGrant(deps: GrantDeps, ownerId: string, granteeId: string, what: Granted): Promise<boolean> {
  const live = await liveGrants(deps, ownerId, granteeId)
  return live.some((grant) => covers(grant, what)) && (await mayUse(deps, ownerId, 'dataSharing'))
}

/**
 * The metrics of `ownerId` that a delegate sees in a resource; undefined where all of them, which is also so for the owner. A reply
 * leaves out what is not among them.
 */
export async function visibleMetrics(
  deps: GrantDeps,
  ownerId: string,
  granteeId: string,
  resource: Granted['resource'],
): Promise<ReadonlySet<MetricName> | undefined> {
  if (ownerId === granteeId) return undefined
  const live = (await liveGrants(deps, ownerId, granteeId)).filter((grant) => covers(grant, { resource, access: 'read' }))
  if (live.some(({ metrics }) => metrics === undefined)) return undefined
  return new Set(live.flatMap(({ metrics }) => metrics ?? []))
}

/** What can be shown metric by metric; an insight or a profile speaks of everything at once. */
const byMetric: readonly Granted['resource'][] = ['sessions', 'days']

function covers(grant: Grant, { resource, access }: Granted): boolean {
  if (grant.resources !== undefined && !grant.resources.includes(resource)) return false
  if (grant.metrics !== undefined && (access === 'write' || !byMetric.includes(resource))) return false
  return access === 'read' || grant.access === 'write'
}

async function liveGrants({ documents, clock }: GrantDeps, ownerId: string, granteeId: string): Promise<Grant[]> {
  const grants = await all<Grant>(documents, {
    collection: 'permissions',
    parent: `users/${ownerId}`,
    index: 'grantee',
    equals: [granteeId],
  })
  const nowMs = clock.nowMs()
  return grants.map(({ body }) => body).filter(({ revokedAt, until }) => revokedAt === undefined && !isOver(until, nowMs))
}

function isOver(until: string | undefined, nowMs: number): boolean {
  return until !== undefined && Date.parse(until) <= nowMs
}

export type WantedGrant = Omit<Grant, 'grantId' | 'userId' | 'grantedAt' | 'revokedAt'>

/**
 * The same `grantId` again gives the first one. That the grantee is somebody is not looked up: it would tell who is here.
 * Throws `Problem('forbidden')` where the owner shares nothing, `invalid` for a grant that could give nothing, `not_found`.
 */
export async function makeGrant(deps: GrantDeps, userId: string, grantId: string, wanted: WantedGrant): Promise<Grant> {
  await requireUser(deps, userId)
  refuseEmpty(userId, wanted, deps.clock.nowMs())
  if (!(await mayUse(deps, userId, 'dataSharing')))
    throw new Problem('forbidden', 'A grant needs the consent dataSharing of the person; POST it to /consents first.')
  const path = `users/${userId}/permissions/${grantId}`
  const grant: Grant = { grantId, userId, ...wanted, grantedAt: formatInstant(deps.clock.nowMs()) }
  try {
    await deps.documents.batch([{ op: 'put', path, body: grant, ifAbsent: true }])
    return grant
  } catch (error) {
    const kept = error instanceof Problem && error.code === 'conflict' ? await deps.documents.get<Grant>(path) : undefined
    if (kept === undefined) throw error
    return kept.body
  }
}

function refuseEmpty(userId: string, { granteeId, metrics, resources, access, until }: WantedGrant, nowMs: number): void {
  const wrong = (pointer: string, message: string) =>
    new Problem('invalid', 'This grant would give nothing.', { errors: [{ pointer, code: 'invalid', message }] })
  if (granteeId === userId) throw wrong('/granteeId', 'Nobody needs a grant to their own data')
  if (isOver(until, nowMs)) throw wrong('/until', 'Must lie in the future')
  if (metrics !== undefined && access === 'write') throw wrong('/metrics', 'A grant of some metrics is one to read')
  if (metrics !== undefined && resources?.some((resource) => !byMetric.includes(resource)))
    throw wrong('/resources', 'Of some metrics only sessions and days can be shown')
}

/** Ends a grant at once; it stays to be seen. Throws `Problem('not_found')`. */
export async function revokeGrant(deps: GrantDeps, userId: string, grantId: string): Promise<void> {
  const revokedAt = formatInstant(deps.clock.nowMs())
  await putVersioned<Grant>(deps.documents, `users/${userId}/permissions/${grantId}`, (stored) => {
    if (stored === undefined) throw nothingThere()
    return { body: { revokedAt, ...stored.body } }
  })
}
