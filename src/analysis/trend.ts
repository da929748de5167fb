import type { Reason } from '../model/day.ts'
import { type TrendMetric, type TrendMetricName, trendMetricNames, trendMetrics } from '../model/trend-metrics.ts'
import type { UserAnalytics } from '../model/user-analytics.ts'
import type { TrendDirection, TrendFigure, TrendType, UserTrend } from '../model/user-trend.ts'
import { mean, median } from '../signal/statistics.ts'
import { rounded } from './frame.ts'
import { trendFigure } from './trend-figure.ts'
import { neededDays, periodBefore, periodFrom, periodStart, type TrendPeriod, yearBefore } from './trend-period.ts'
import { courseOf, type IsOver } from './trend-values.ts'

const algorithm = 'trend'
const algorithmVersion = '1.0.0'

export interface TrendOptions {
  readonly trendType: TrendType
  readonly isOver: IsOver
  /** RFC 3339, of the rows made. */
  readonly calculatedAt: string
  /** Revisions of the rows that there are, by first date: a period whose days are as they were is not made again. */
  readonly known?: ReadonlyMap<string, number>
  /** Only periods that begin here or later; those before are compared with. */
  readonly from?: string
}

/**
 * The trends of one person: a row for each period with a day, by first date. `rows` by date, all of those from the year before the first
 * period on. Deterministic: the same rows give the same trends and the same revisions.
 */
export function trendsOf(userId: string, rows: readonly UserAnalytics[], options: TrendOptions): UserTrend[] {
  const { trendType, isOver, calculatedAt, known, from = '' } = options
  const groups = Map.groupBy(rows, ({ date }) => periodStart(trendType, date))
  const made: UserTrend[] = []
  for (const [start, own] of groups) {
    if (start < from) continue
    const window = windowOf(trendType, start)
    const beside = [window.previous, window.year].map((period) => (period && groups.get(period.start)) ?? [])
    const revision = revisionOf([own, ...beside].flat(), isOver)
    if ((known?.get(start) ?? 0) >= revision) continue
    const { period } = window
    const said = trendDataOf(own, beside, window, { trendType, isOver })
    made.push({ userId, trendType, periodStart: period.start, periodEnd: period.end, ...said, revision, calculatedAt })
  }
  return made
}

interface Window {
  readonly period: TrendPeriod
  readonly previous: TrendPeriod
  readonly year: TrendPeriod | undefined
}

const windows = new Map<string, Window>()

/** People share their periods: each is worked out once. */
function windowOf(trendType: TrendType, start: string): Window {
  const key = `${trendType} ${start}`
  let window = windows.get(key)
  if (window === undefined) {
    const period = periodFrom(trendType, start)
    window = { period, previous: periodBefore(trendType, period), year: yearBefore(trendType, period) }
    if (windows.size > 10_000) windows.clear()
    windows.set(key, window)
  }
  return window
}

/**
 * Days only come and only get higher revisions, and a date is over for good: so does this grow with whatever the trend is made from, and of
 * two trends made at once that of the older rows gives way.
 */
function revisionOf(rows: readonly UserAnalytics[], isOver: IsOver): number {
  return rows.reduce((sum, { date, timezone, revision }) => sum + 2 * revision + (isOver(date, timezone) ? 1 : 0), 0)
}

type Said = Pick<UserTrend, 'trendData' | 'improvementScore' | 'trendDirection' | 'confidenceLevel'>

function trendDataOf(
  own: readonly UserAnalytics[],
  beside: readonly (readonly UserAnalytics[])[],
  { period, previous, year }: Window,
  { trendType, isOver }: Pick<TrendOptions, 'trendType' | 'isOver'>,
): Said {
  const figures: Partial<Record<TrendMetricName, TrendFigure>> = {}
  const reasons: Reason[] = []
  const need = neededDays(trendType)
  for (const name of trendMetricNames) {
    const metric: TrendMetric = trendMetrics[name]
    const course = courseOf(metric, own, isOver)
    if (course.values.length < need) reasons.push({ field: name, code: 'too_few_days', have: course.values.length, need })
    if (course.values.length === 0) continue
    const figure = trendFigure(metric, course, period, need)
    const [before = [], yearAgo = []] = beside.map((rows) => courseOf(metric, rows, isOver).values)
    figures[name] = {
      ...figure,
      ...compared('previousPeriod', figure, previous, before),
      ...compared('yearBefore', figure, year, yearAgo),
    }
  }
  return {
    trendData: { days: period.days, metrics: figures, reasons, algorithm, algorithmVersion },
    ...indicatorsOf(Object.values(figures)),
  }
}

function compared<Name extends 'previousPeriod' | 'yearBefore'>(
  name: Name,
  figure: TrendFigure,
  period: TrendPeriod | undefined,
  values: readonly number[],
): { readonly [_ in Name]?: TrendFigure['previousPeriod'] } {
  if (period === undefined || values.length === 0) return {}
  const middle = median(values)
  const { start, end } = period
  const other = { periodStart: start, periodEnd: end, n: values.length, median: middle, difference: figure.median - middle }
  return { [name]: other } as { readonly [_ in Name]: typeof other }
}

/**
 * The row's own score, direction and confidence: the means over the metrics that move; where none does, over all that are judged, and
 * `stable`. Of a single metric they are that metric's.
 */
function indicatorsOf(figures: readonly TrendFigure[]): Omit<Said, 'trendData'> {
  const judged = figures.filter(({ improvementScore }) => improvementScore !== undefined)
  if (judged.length === 0) return {}
  const moving = judged.filter(({ trendDirection }) => trendDirection !== 'stable')
  const counted = moving.length > 0 ? moving : judged
  const score = mean(counted.map(({ improvementScore = 0 }) => improvementScore))
  const trendDirection: TrendDirection = moving.length === 0 || score === 0 ? 'stable' : score > 0 ? 'improving' : 'declining'
  return {
    // −0 is no number of SQL's.
    improvementScore: rounded(score, 4) + 0,
    trendDirection,
    confidenceLevel: rounded(mean(counted.map(({ confidenceLevel = 0 }) => confidenceLevel)), 4),
  }
}
