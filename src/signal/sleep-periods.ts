import { type Run, runsOf } from './runs.ts'

export interface SleepPeriodRule {
  /** Minutes asleep in a row that begin a period, at the first of them. */
  readonly bedtimeMinutes: number
  /** Minutes awake in a row that end it, at the first of them. */
  readonly wakeMinutes: number
  readonly leastMinutes: number
  readonly mostMinutes: number
  /** Minutes with movement: a device that lies on a table has none. */
  readonly leastMoving: number
}

/** Of the paper. */
export const sleepPeriodRule: SleepPeriodRule = {
  bedtimeMinutes: 5,
  wakeMinutes: 10,
  leastMinutes: 160,
  mostMinutes: 1440,
  leastMoving: 0,
}

/**
 * Periods of sleep in one-minute labels (1 asleep), Tudor-Locke 2014 (Appl Physiol Nutr Metab 39:53): from the first of 5 minutes asleep
 * to the first of 10 minutes awake, 160 to 1,440 minutes long. A period that the record cuts off is none. `counts` are those of the
 * same minutes.
 */
export function sleepPeriods(asleep: Uint8Array, counts: Float64Array, rule: SleepPeriodRule = sleepPeriodRule): Run[] {
  const periods: Run[] = []
  const wakes = runsOf(asleep, 0).filter(({ from, to }) => to - from >= rule.wakeMinutes)
  let until = 0
  for (const { from, to } of runsOf(asleep, 1)) {
    if (from < until || to - from < rule.bedtimeMinutes) continue
    const wake = wakes.find((each) => each.from >= to)
    if (wake === undefined) break
    until = wake.from
    const length = until - from
    const moving = counts.subarray(from, until).reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
    if (length >= rule.leastMinutes && length <= rule.mostMinutes && moving >= rule.leastMoving) periods.push({ from, to: until })
  }
  return periods
}

/** Of one period in bed, all in epochs of the labels. */
export interface SleepFigures {
  readonly inBed: number
  /** Epochs scored asleep. */
  readonly asleep: number
  /** From going to bed to the first epoch asleep; the whole time where there is none. */
  readonly latency: number
  /** Awake between the first and the last epoch asleep. */
  readonly awakeAfterOnset: number
  /** Awake after the last epoch asleep. */
  readonly awakeAtTheEnd: number
  /** Stretches awake, between the first and the last epoch asleep, of at least `leastAwakening` epochs. */
  readonly awakenings: number
  /** Asleep ÷ in bed, 0–1; NaN of no time. */
  readonly efficiency: number
}

/** Figures of the labels (1 asleep) from lights out to lights on, as the AASM manual defines them (Iber 2007; Reed & Sacco 2016, JCSM 12:263). */
export function sleepFigures(labels: Uint8Array, leastAwakening = 1): SleepFigures {
  const first = labels.indexOf(1)
  const last = labels.lastIndexOf(1)
  const inBed = labels.length
  if (first < 0)
    return { inBed, asleep: 0, latency: inBed, awakeAfterOnset: 0, awakeAtTheEnd: 0, awakenings: 0, efficiency: inBed > 0 ? 0 : Number.NaN }
  const between = labels.subarray(first, last + 1)
  const wakings = runsOf(between, 0)
  const awakeAfterOnset = wakings.reduce((sum, { from, to }) => sum + to - from, 0)
  const asleep = between.length - awakeAfterOnset
  return {
    inBed,
    asleep,
    latency: first,
    awakeAfterOnset,
    awakeAtTheEnd: inBed - 1 - last,
    awakenings: wakings.filter(({ from, to }) => to - from >= leastAwakening).length,
    efficiency: asleep / inBed,
  }
}

export interface FragmentationFigures {
  /** Minutes with movement, % of the period. */
  readonly movement: number
  /** Stretches asleep of one minute, % of all stretches asleep. */
  readonly fragmentation: number
}

/** Movement and fragmentation index of one period as ActiLife gives them: labels of one-minute epochs and the counts of the same minutes. */
export function fragmentationOf(asleep: Uint8Array, counts: Float64Array): FragmentationFigures {
  const stretches = runsOf(asleep, 1)
  const short = stretches.filter(({ from, to }) => to - from === 1).length
  const moving = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  return { movement: (100 * moving) / counts.length, fragmentation: stretches.length === 0 ? 0 : (100 * short) / stretches.length }
}
