import type { TrendMetricName } from '../../../../src/model/trend-metrics.ts'
import type { Reader } from '../../state/person.ts'

/** Figures by what they are about, in the order in which they are shown. */
export const trendGroups = {
  sleep: ['total_sleep_hours', 'sleep_efficiency', 'deep_sleep_hours', 'rem_sleep_hours'],
  movement: ['total_steps', 'active_minutes', 'distance_meters', 'calories_burned'],
  heart: ['resting_heart_rate', 'hrv_sdnn', 'hrv_rmssd', 'average_heart_rate'],
} as const satisfies Readonly<Record<string, readonly TrendMetricName[]>>

export type TrendGroup = keyof typeof trendGroups

export const trendNames: readonly TrendMetricName[] = Object.values(trendGroups).flat()

export function trendNameOf(word: string | null): TrendMetricName {
  return trendNames.find((name) => name === word) ?? 'total_steps'
}

/** A figure as one reads it: hours as hours and minutes, a share of 1 in per cent. */
export function figureText(value: number, unit: string, reader: Reader): string {
  if (unit === 'h') return reader.quantity(value * 60, 'min')
  return unit === '1' ? reader.share(value) : reader.quantity(value, unit)
}

/** A difference with its sign. */
export function differenceText(value: number, unit: string, reader: Reader): string {
  const said = figureText(Math.abs(value), unit, reader)
  if (said === figureText(0, unit, reader)) return `± ${said}`
  return `${value < 0 ? '−' : '+'}${said}`
}

/** Short, for an axis. */
export function axisText(value: number, unit: string, reader: Reader): string {
  if (unit === 'h' || unit === 'min') return `${reader.number(value, 1)} ${unit}`
  if (unit === '/min' || unit === 'ms' || unit === '{steps}' || unit === 'kcal') return reader.number(value)
  return figureText(value, unit, reader)
}
