import type { TrendType } from '../../../../src/model/user-trend.ts'
import { shifted } from '../../format/zoned.ts'

interface Period {
  /** How far back is shown, days: half a year, two years, ten. */
  readonly days: number
  /** Whether single days are shown as points; of more they would be a cloud. */
  readonly isDaily: boolean
}

export const periods = {
  weekly: { days: 182, isDaily: true },
  monthly: { days: 731, isDaily: false },
  quarterly: { days: 3653, isDaily: false },
} as const satisfies Readonly<Record<TrendType, Period>>

export const trendTypes: readonly TrendType[] = ['weekly', 'monthly', 'quarterly']

export function trendTypeOf(word: string | null): TrendType {
  return trendTypes.find((type) => type === word) ?? 'weekly'
}

/** The dates that are shown, both included. */
export interface Dates {
  readonly from: string
  readonly to: string
}

export function datesOf(type: TrendType, latest: string): Dates {
  return { from: shifted(latest, 1 - periods[type].days), to: latest }
}
