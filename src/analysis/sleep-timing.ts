import { circularMean, clockDifference, modulo } from './clock.ts'

/** One main sleep, by the person's clock. */
export interface TimedSleep {
  /** Minutes after local midnight, 0–1439. */
  readonly onsetMinute: number
  /** From falling asleep to final waking, minutes. */
  readonly spanMinutes: number
  readonly asleepMinutes: number
  /** It ended on a day without work or school. */
  readonly isFree: boolean
}

/** Halfway from falling asleep to waking, minutes after local midnight (Roenneberg 2003, J Biol Rhythms 18:80). */
export function midSleep({ onsetMinute, spanMinutes }: TimedSleep): number {
  return modulo(onsetMinute + spanMinutes / 2, 1440)
}

/** Mean mid-sleep round the clock, minutes after local midnight; NaN of nothing. */
export function meanMidSleep(nights: readonly TimedSleep[]): number {
  return nights.length === 0 ? Number.NaN : circularMean(nights.map(midSleep))
}

/** Minutes by which mid-sleep is later (or, below zero, earlier) on free days than on others (Wittmann 2006, Chronobiol Int 23:497); NaN without both. */
export function socialJetlag(nights: readonly TimedSleep[]): number {
  const { free, work } = parted(nights)
  return clockDifference(meanMidSleep(free), meanMidSleep(work))
}

/**
 * Chronotype: mid-sleep on free days, corrected for sleep made up for there, minutes after local midnight: MSFsc = MSF − ½ (SDf − SDweek),
 * where people sleep longer on free days (Roenneberg 2004, Curr Biol 14:R1038). `SDweek` weighs five work days and two free ones.
 */
export function chronotype(nights: readonly TimedSleep[]): number {
  const { free, work } = parted(nights)
  const onFree = meanLength(free)
  const ofWeek = (5 * meanLength(work) + 2 * onFree) / 7
  return modulo(meanMidSleep(free) - Math.max(0, onFree - ofWeek) / 2, 1440)
}

/** Minutes missed in nights shorter than the need, summed; longer nights pay nothing back (Van Dongen 2003, Sleep 26:117, counts so). */
export function sleepDebt(asleepMinutes: readonly number[], needMinutes: number): number {
  return asleepMinutes.reduce((sum, minutes) => sum + Math.max(0, needMinutes - minutes), 0)
}

function parted(nights: readonly TimedSleep[]): { readonly free: TimedSleep[]; readonly work: TimedSleep[] } {
  return { free: nights.filter(({ isFree }) => isFree), work: nights.filter(({ isFree }) => !isFree) }
}

function meanLength(nights: readonly TimedSleep[]): number {
  return nights.reduce((sum, { spanMinutes }) => sum + spanMinutes, 0) / nights.length
}
