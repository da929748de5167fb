import type { TrendField } from '../model/trend-metrics.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'
import type { TrendType, UserTrend } from '../model/user-trend.ts'

/** Dates as `YYYY-MM-DD`, both included. */
export interface DateRange {
  readonly userId: string
  readonly from: string
  readonly to: string
}

/** Of whom, and which of their rows count. Dates both included. */
export interface AveragesQuery {
  readonly userIds: readonly string[]
  readonly field: TrendField
  readonly hrvKind?: UserAnalytics['hrvKind']
  /** Rows count whose `dataQualityScore` is this or more, is 0 or is absent. */
  readonly leastWorn?: number
  readonly from: string
  readonly to: string
  /** Rows of a person, at least. */
  readonly leastDays: number
}

export interface Average {
  readonly userId: string
  readonly mean: number
}

/**
 * Rows of figures for SQL: `user_analytics`, one a person and date, and `user_trends`, one a person, type and first date of
 * a period. Derived: the documents are the authority, and the rows can be made again from them.
 *
 * A put replaces the row of the same key when its `revision` is higher; a row of the same or a lower one changes nothing,
 * so that a replay is harmless and an older revision that comes late loses. A put or delete is atomic and durable when its
 * promise resolves. What is absent is NULL. Numbers, texts and times come back as they went in.
 *
 * Problems: `invalid` more than 500 rows · `storage_full` · `unavailable` the store is locked, its disk failed or it does
 * not answer: the rows are there wholly or not at all; put them again · `storage_corrupt`.
 */
export interface Warehouse {
  /** Up to 500. */
  putAnalytics(rows: readonly UserAnalytics[]): Promise<void>
  /** Up to 500. */
  putTrends(rows: readonly UserTrend[]): Promise<void>
  /** By date. */
  analytics(range: DateRange): Promise<readonly UserAnalytics[]>
  /** The periods that begin in the range, by their first date. */
  trends(range: DateRange & { readonly trendType: TrendType }): Promise<readonly UserTrend[]>
  /** Each person's mean of a figure over the rows that have it; who has too few is left out. In any order. */
  averages(query: AveragesQuery): Promise<readonly Average[]>
  /** The days of the range, and the trends whose period touches it. With `everyDate` nothing of the person is left. */
  delete(range: DateRange): Promise<void>
  close(): Promise<void>
}
