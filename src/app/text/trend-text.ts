import type { Change } from '../../model/change.ts'
import type { TrendFigure, UserTrend } from '../../model/user-trend.ts'

/** A period as lines for a terminal: what each figure came to, where it goes, and why nothing is said of others. */
export function trendText({ periodStart, periodEnd, trendType, trendDirection, confidenceLevel, trendData }: UserTrend): string {
  const { metrics = {}, reasons = [] } = trendData
  const confidence = confidenceLevel === undefined ? '' : ` (confidence ${confidenceLevel.toFixed(2)})`
  const figures = Object.entries(metrics).map(([name, figure]) => `  ${name.padEnd(20)} ${figureText(figure)}`)
  const few = reasons.map(({ field, have, need }) => `${field} ${have} of ${need}`)
  return [
    `${periodStart} to ${periodEnd}  ${trendType}: ${trendDirection ?? 'no direction'}${confidence}`,
    ...figures,
    ...(few.length > 0 ? [`  – too few days: ${few.join(', ')}`] : []),
  ].join('\n')
}

function figureText({ median, spread, n, unit, change, slopeInterval, p, trendDirection, previousPeriod }: TrendFigure): string {
  const level = `${short(median)} ± ${short(spread)} ${unit} over ${n} days`
  const before = previousPeriod === undefined ? '' : `; ${signed(previousPeriod.difference)} against the period before`
  if (change === undefined || slopeInterval === undefined || p === undefined) return `${level}${before}`
  const [low, high] = slopeInterval
  const course = `${signed(change)}, a day ${signed(low)} to ${signed(high)}, p ${p.toFixed(3)}`
  return `${level}; ${trendDirection ?? 'change'} ${course}${before}`
}

export function changeText({ kind, metric, date, noticedOn, until, before, after, unit }: Change): string {
  const span = until === undefined ? `since ${date}` : `${date} to ${until}`
  return `${span}  ${metric}: ${short(before)} to ${short(after)} ${unit} (${words[kind]}, noticed on ${noticedOn})`
}

const words: Readonly<Record<Change['kind'], string>> = { level_shift: 'another level', elevation: 'raised for days' }

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}
