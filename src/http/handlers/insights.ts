import type { insightsApi } from '../../api/insights.ts'
import { type ArchiveDeps, findArchived } from '../../flows/archived-documents.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { askForRemake, type RemakeDeps } from '../../flows/remake-days.ts'
import { insightAsOf } from '../../flows/revisions.ts'
import { inOrder } from '../../model/in-order.ts'
import { dailyInsightId, StoredInsight } from '../../model/insight.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import { isCalendarDate } from '../../model/time.ts'
import { archivedList } from '../archived-list.ts'
import type { Handlers } from '../call.ts'
import { datesWithin } from '../dates-within.ts'
import { isYes } from '../flag.ts'
import { listPage } from '../list-page.ts'

export const insightsHandlers: Handlers<typeof insightsApi, RemakeDeps & ArchiveDeps> = {
  async listInsights(deps, call) {
    const { userId } = call.params
    const { type, asOf } = call.query
    await requireUser(deps, userId)
    const query = { collection: 'insights', parent: `users/${userId}`, index: 'userDateType', equals: [userId], ...datesWithin(call.query) }
    const { data, ...next } = isYes(call.query.archived)
      ? await archivedList<StoredInsight>(deps, call, {
          kind: 'insights',
          collection: 'insights',
          order: 'newest',
          ...datesWithin(call.query),
        })
      : await listPage<StoredInsight>(deps.documents, query, call)
    const wanted = data.filter(({ body }) => type === undefined || body.type === type)
    const found = await Promise.all(wanted.map(({ body }) => asItWas(deps, body, asOf)))
    return { body: { data: found.flatMap((each) => (each === undefined ? [] : [inOrder(StoredInsight, each)])), ...next } }
  },
  async getInsight(deps, { params, query }) {
    const path = `users/${params.userId}/insights/${insightId(params)}`
    const stored =
      (await deps.documents.get<StoredInsight>(path)) ??
      (await findArchived<StoredInsight>(deps, params.userId, 'insights', path, params.date))
    const insight = stored && (await asItWas(deps, stored.body, query.asOf))
    if (insight === undefined) throw nothingThere()
    return { body: inOrder(StoredInsight, insight), ...(query.asOf === undefined && { version: stored?.version ?? 0 }) }
  },
  async remakeInsight(deps, { params, callId }) {
    insightId(params)
    await requireUser(deps, params.userId)
    const { jobId, type, status } = await askForRemake(deps, params.userId, callId, params.date)
    return { body: { jobId, type, status }, location: `/v1/jobs/${jobId}` }
  },
}

/** As the specification's path and its `type` say it. */
const dailyWords: readonly string[] = ['daily', 'daily_summary']

/** Throws `Problem('not_found')` for a type or date that no insight has. */
function insightId({ type, date }: { readonly type: string; readonly date: string }): string {
  if (!dailyWords.includes(type) || !isCalendarDate(date)) throw nothingThere()
  return dailyInsightId(date)
}

async function asItWas(deps: RemakeDeps, insight: StoredInsight, asOf: string | undefined): Promise<StoredInsight | undefined> {
  return asOf === undefined ? insight : insightAsOf(deps, insight, asOf)
}
