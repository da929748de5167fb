import { dateOfDay, dayNumber } from '../model/calendar.ts'
import type { Day, Reason } from '../model/day.ts'
import { medianDeviation, medianSpread } from '../signal/statistics.ts'
import { circularMean, clockDifference, modulo } from './clock.ts'
import { type DayTrace, traceOf } from './day-trace.ts'
import { type Figure, type FigureName, figureNames, figures } from './figures.ts'

/** The person's own past of one figure, in the figure's unit. */
export interface Baseline {
  readonly median: number
  /** Median absolute deviation from the median, not scaled. */
  readonly mad: number
  /** Days or nights that had the figure. */
  readonly n: number
  /** First and last date looked at, `2023-12-23/2024-01-19`. */
  readonly window: string
  /** The usual range. For a time of day `high` may lie beyond 1440, and `low` below 0. */
  readonly low: number
  readonly high: number
}

export interface Baselines {
  readonly ready: ReadonlyMap<FigureName, Baseline>
  /** One for each figure of the day that cannot be compared: `have` and `need` in days or nights. */
  readonly reasons: readonly Reason[]
}

export const baselineDays = 28
export const baselineNeeds = 7

/** The standard deviation of a normal distribution is 1.4826 median absolute deviations. */
const madScale = 1.4826

/**
 * Baselines of each figure that `day` has, from the 28 local dates before it. `history` may hold more, in any order.
 * The usual range is median ± max(1.4826·MAD, smallest useful change); for heart rate variability the same on ln(value).
 */
export function baselinesOf(day: Day, history: readonly Day[]): Baselines {
  const from = shiftDate(day.date, -baselineDays)
  const window = `${from}/${shiftDate(day.date, -1)}`
  const own = traceOf(day)
  const isPast = (day: DayTrace) => day.dayNumber < own.dayNumber && day.dayNumber >= own.dayNumber - baselineDays
  const past = history.map(traceOf).filter(isPast)
  const ready = new Map<FigureName, Baseline>()
  const reasons: Reason[] = []
  for (let at = 0; at < figureNames.length; at++) {
    if (Number.isNaN(own.values[at])) continue
    const name = figureNames[at] as FigureName
    const figure: Figure = figures[name]
    const values = comparable(own, past, at)
    if (values.length >= baselineNeeds) ready.set(name, baselineOf(figure, values, window))
    else reasons.push({ field: figure.field, code: 'baseline_not_ready', have: values.length, need: baselineNeeds })
  }
  return { ready, reasons }
}

/** −1 below the usual range, 1 above it, 0 within. */
export function sideOf(figure: Figure, value: number, baseline: Baseline): -1 | 0 | 1 {
  const at = figure.scale === 'clock' ? baseline.median + clockDifference(value, baseline.median) : value
  if (at < baseline.low) return -1
  return at > baseline.high ? 1 : 0
}

/** A date so many days later, `YYYY-MM-DD`. */
export function shiftDate(date: string, days: number): string {
  return dateOfDay(dayNumber(date) + days)
}

/** Of one figure, by its place among their names. */
function comparable({ kinds }: DayTrace, past: readonly DayTrace[], figure: number): number[] {
  const kind = kinds[figure]
  const values: number[] = []
  for (const other of past) {
    const value = other.values[figure] as number
    if (!Number.isNaN(value) && other.kinds[figure] === kind) values.push(value)
  }
  return values
}

function baselineOf(figure: Figure, values: readonly number[], window: string): Baseline {
  const { median, mad, low, high } = usualRange(figure.scale, values, figure.usefulChange)
  return { median, mad, low, high, n: values.length, window }
}

/** Median ± max(1.4826·MAD, smallest useful change), by the scale on which the figure is compared. */
export function usualRange(scale: Figure['scale'], values: readonly number[], usefulChange: number): Spread {
  return spreads[scale](values, usefulChange)
}

type Spread = Pick<Baseline, 'high' | 'low' | 'mad' | 'median'>

const spreads: Record<Figure['scale'], (values: readonly number[], usefulChange: number) => Spread> = {
  plain: (values, usefulChange) => {
    const { median, deviation: mad } = medianSpread(values)
    const reach = Math.max(madScale * mad, usefulChange)
    return { median, mad, low: median - reach, high: median + reach }
  },
  ln: (values, usefulChange) => {
    const { median: middle, deviation } = medianSpread(values.map(Math.log))
    const reach = Math.max(madScale * deviation, Math.log1p(usefulChange))
    return { median: Math.exp(middle), mad: medianDeviation(values), low: Math.exp(middle - reach), high: Math.exp(middle + reach) }
  },
  clock: (values, usefulChange) => {
    const centre = circularMean(values)
    const {
      median: away,
      mad,
      low,
      high,
    } = spreads.plain(
      values.map((value) => clockDifference(value, centre)),
      usefulChange,
    )
    const middle = modulo(centre + away, 1440)
    return { median: middle, mad, low: middle + low - away, high: middle + high - away }
  },
}
