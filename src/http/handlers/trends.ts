import type { trendsApi } from '../../api/trends.ts'
import { findBaseline } from '../../flows/find-baseline.ts'
import { findChanges } from '../../flows/keep-changes.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { Change } from '../../model/change.ts'
import type { Reason } from '../../model/day.ts'
import { inOrder } from '../../model/in-order.ts'
import { trendMetrics } from '../../model/trend-metrics.ts'
import { everyDate, UserAnalytics } from '../../model/user-analytics.ts'
import { UserTrend } from '../../model/user-trend.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Documents } from '../../ports/documents.ts'
import type { DateRange, Warehouse } from '../../ports/warehouse.ts'
import type { Handlers } from '../call.ts'
import { type ListCall, nextOf, openCursor } from '../list-page.ts'

export interface TrendsDeps {
  readonly documents: Documents
  readonly warehouse: Warehouse
  readonly clock: Clock
}

export const trendsHandlers: Handlers<typeof trendsApi, TrendsDeps> = {
  async listTrends(deps, call) {
    const { type: trendType } = call.query
    const rows = (range: DateRange) => deps.warehouse.trends({ ...range, trendType })
    const { data, ...rest } = await rowsPage(deps, 'user_trends', call, rows, ({ periodStart }) => periodStart)
    const changes = (await findChanges(deps, call.params.userId, call.query)).map(({ body }) => inOrder(Change, body))
    return { body: { data: data.map((row) => inOrder(UserTrend, row)), changes, ...rest } }
  },
  async getBaseline(deps, { params: { userId }, query: { metric, from = everyDate.from, to = everyDate.to } }) {
    const { unit } = trendMetrics[metric]
    return { body: { metric, unit, data: await findBaseline(deps, userId, { metric, from, to }) } }
  },
  async listAnalytics(deps, call) {
    const { data, ...rest } = await rowsPage(deps, 'user_analytics', call, deps.warehouse.analytics, ({ date }) => date)
    return { body: { data: data.map((row) => inOrder(UserAnalytics, row)), ...rest } }
  },
}

type RowsCall = ListCall & {
  readonly params: { readonly userId: string }
  readonly query: { readonly from?: string | undefined; readonly to?: string | undefined }
}

/** A page of rows from the first date that was not told yet; without any row, that there is none. */
async function rowsPage<Row>(
  deps: TrendsDeps,
  table: string,
  call: RowsCall,
  rowsIn: (range: DateRange) => Promise<readonly Row[]>,
  dateOf: (row: Row) => string,
): Promise<{ readonly data: readonly Row[]; readonly nextCursor?: string; readonly reasons: Reason[] }> {
  const { userId } = call.params
  const { from = everyDate.from, to = everyDate.to, limit } = call.query
  const begin = openCursor(table, call) ?? from
  await requireUser(deps, userId)
  const rows = await rowsIn({ userId, from: begin, to })
  const after = rows[limit]
  const reasons = rows.length > 0 ? [] : [{ field: 'data', code: 'no_rows', detail: `There is no row of ${table} for these dates.` }]
  return { data: rows.slice(0, limit), reasons, ...nextOf(table, call, after && dateOf(after)) }
}
