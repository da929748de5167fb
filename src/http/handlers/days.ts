import type { daysApi } from '../../api/days.ts'
import { type ArchiveDeps, findArchived } from '../../flows/archived-documents.ts'
import { type GrantDeps, visibleMetrics } from '../../flows/grants.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { dayAsOf } from '../../flows/revisions.ts'
import { visibleDay } from '../../flows/visible-day.ts'
import { Day } from '../../model/day.ts'
import { inOrder } from '../../model/in-order.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Principal } from '../../model/principal.ts'
import { archivedList } from '../archived-list.ts'
import type { Handlers } from '../call.ts'
import { datesWithin } from '../dates-within.ts'
import { isYes } from '../flag.ts'
import { listPage } from '../list-page.ts'

export const daysHandlers: Handlers<typeof daysApi, GrantDeps & ArchiveDeps> = {
  async listDays(deps, call) {
    const { userId } = call.params
    await requireUser(deps, userId)
    const query = { collection: 'days', parent: `users/${userId}`, index: 'userDate', equals: [userId], ...datesWithin(call.query) }
    const { data, ...next } = isYes(call.query.archived)
      ? await archivedList<Day>(deps, call, { kind: 'analytics', collection: 'days', order: 'oldest', ...datesWithin(call.query) })
      : await listPage<Day>(deps.documents, query, call)
    const show = await lens(deps, userId, call.principal)
    const found = await Promise.all(data.map(({ body }) => asItWas(deps, body, call.query.asOf)))
    return { body: { data: found.flatMap((day) => (day === undefined ? [] : [show(day)])), ...next } }
  },
  async getDay(deps, { params, query, principal }) {
    const path = `users/${params.userId}/days/${params.date}`
    const stored = (await deps.documents.get<Day>(path)) ?? (await findArchived<Day>(deps, params.userId, 'analytics', path, params.date))
    const day = stored && (await asItWas(deps, stored.body, query.asOf))
    if (day === undefined) throw nothingThere()
    const show = await lens(deps, params.userId, principal)
    return { body: show(day), ...(query.asOf === undefined && { version: stored?.version ?? 0 }) }
  },
}

async function asItWas(deps: GrantDeps, day: Day, asOf: string | undefined): Promise<Day | undefined> {
  return asOf === undefined ? day : dayAsOf(deps, day, asOf)
}

/** How this principal sees a person's days: wholly, or the metrics of a grant. */
async function lens(deps: GrantDeps, ownerId: string, principal: Principal): Promise<(day: Day) => Day> {
  const metrics = principal.kind === 'person' ? await visibleMetrics(deps, ownerId, principal.userId, 'days') : undefined
  return (day) => inOrder(Day, metrics === undefined ? day : visibleDay(day, metrics))
}
