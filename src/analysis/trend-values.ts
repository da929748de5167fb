import { leastWorn, type TrendMetric } from '../model/trend-metrics.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'

/** Whether a date is over in a zone: an IANA name or an offset; rows from before zones were kept have none, and are taken as UTC's. */
export type IsOver = (date: string, zone: string | undefined) => boolean

/** At an instant. Each zone is looked up once. */
export function overAt(nowMs: number): IsOver {
  const today = new Map<string, string>()
  const now = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs))
  return (date, zone = 'UTC') => {
    let its = today.get(zone)
    if (its === undefined) {
      its = now.toZonedDateTimeISO(zone).toPlainDate().toString()
      today.set(zone, its)
    }
    return date < its
  }
}

/** The values of one metric, by date. */
export interface Course {
  readonly dates: readonly string[]
  readonly values: readonly number[]
}

/** Of rows by date; those that say nothing of the metric, or too little, are left out. */
export function courseOf(metric: TrendMetric, rows: readonly UserAnalytics[], isOver: IsOver): Course {
  const dates: string[] = []
  const values: number[] = []
  for (const row of rows) {
    const value = valueIn(metric, row, isOver)
    if (value === undefined) continue
    dates.push(row.date)
    values.push(value)
  }
  return { dates, values }
}

/** What a row says of a metric; undefined where it says nothing, or too little for a total. */
function valueIn(metric: TrendMetric, row: UserAnalytics, isOver: IsOver): number | undefined {
  const value = row[metric.field]
  if (value === undefined || (metric.hrvKind !== undefined && row.hrvKind !== metric.hrvKind)) return undefined
  return metric.amount && !(wornEnough(row) && isOver(row.date, row.timezone)) ? undefined : value
}

/** Ten hours, or not at all: a phone that counts by itself says what it says. */
function wornEnough({ dataQualityScore = 0 }: UserAnalytics): boolean {
  return dataQualityScore === 0 || dataQualityScore >= leastWorn
}
