import { dayNumber } from '../model/calendar.ts'
import type { TrendMetric } from '../model/trend-metrics.ts'
import type { TrendDirection, TrendFigure } from '../model/user-trend.ts'
import { mannKendall } from '../signal/mann-kendall.ts'
import { mean, median, medianDeviation } from '../signal/statistics.ts'
import { theilSen } from '../signal/theil-sen.ts'
import type { TrendPeriod } from './trend-period.ts'
import type { Course } from './trend-values.ts'

/** Above this Mann–Kendall p a course is stable, whatever its slope. */
const mostP = 0.1

/** What a course of one value or more says; its slope and what follows from that only with `need` values. */
export function trendFigure(metric: TrendMetric, { dates, values }: Course, { days }: TrendPeriod, need: number): TrendFigure {
  const middle = median(values)
  const coverage = values.length / days
  return {
    unit: metric.unit,
    n: values.length,
    coverage,
    mean: mean(values),
    median: middle,
    spread: medianDeviation(values),
    first: { date: dates[0] ?? '', value: values[0] ?? Number.NaN },
    last: { date: dates.at(-1) ?? '', value: values.at(-1) ?? Number.NaN },
    ...(values.length >= need && directed(metric, { dates, values }, middle, coverage)),
  }
}

/**
 * The score is tanh(change ÷ smallest useful change), signed by what is better; the direction `stable` where the change is less than useful
 * or p above 0.1; the confidence coverage × (1 − p). The change is the Theil–Sen slope over the days from first to last.
 */
function directed(metric: TrendMetric, { dates, values }: Course, middle: number, coverage: number): Partial<TrendFigure> {
  const start = dayNumber(dates[0] ?? '')
  const times = dates.map((date) => dayNumber(date) - start)
  const { slope, low, high } = theilSen(times, values)
  const { p } = mannKendall(values)
  const change = slope * (times.at(-1) ?? 0)
  const course = { slope, slopeInterval: [low, high] as [number, number], change, p }
  const better = betterAt(metric, middle)
  if (better === 0) return course
  const useful = metric.ofMedian ? metric.usefulChange * middle : metric.usefulChange
  const improvementScore = useful > 0 ? Math.tanh((better * change) / useful) : 0
  return {
    ...course,
    improvementScore,
    trendDirection: directionOf(improvementScore, useful, change, p),
    confidenceLevel: coverage * (1 - p),
  }
}

function directionOf(score: number, useful: number, change: number, p: number): TrendDirection {
  if (Math.abs(change) < useful || p > mostP || score === 0) return 'stable'
  return score > 0 ? 'improving' : 'declining'
}

function betterAt({ better }: TrendMetric, middle: number): -1 | 0 | 1 {
  if (typeof better === 'number') return better
  if (middle < better.from) return 1
  return middle > better.to ? -1 : 0
}
